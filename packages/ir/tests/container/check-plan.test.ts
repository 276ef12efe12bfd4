import { expect, test } from 'vitest';
import { checkPlan } from '../../src/container/check-plan.ts';
import { GrimError, type Plan, type PlannedCall, type StridedView } from '../../src/index.ts';

const view: StridedView = { value: 'v', shape: [2, 4], offset: 64, strides: [4, 1] };

const call: PlannedCall = {
  entry: 'call0',
  node: 'n',
  kernel: 'k',
  family: 'f',
  path: 'dense',
  macs: 8,
  weightBytes: 32,
  result: view,
};

const plan: Plan = {
  model: 'm',
  memoryBytes: 256,
  imageOffset: 0,
  inputs: [{ name: 'x', shape: [4], offset: 32 }],
  outputs: [{ name: 'y', shape: [4], offset: 48 }],
  states: [{ name: 's', shape: [2, 4], offset: 64, initial: new Float32Array(8) }],
  calls: [call],
  features: [],
};

const imageBytes = 32;

function withView(change: Partial<StridedView>): Partial<Plan> {
  return { calls: [{ ...call, result: { ...view, ...change } }] };
}

test.each<[string, Partial<Plan>]>([
  ['as it is', {}],
  ['with an output that shows a state', { outputs: [{ name: 'y', shape: [2, 4], offset: 64 }] }],
  ['with an output that shows an input', { outputs: [{ name: 'y', shape: [4], offset: 32 }] }],
  ['with an output in the image', { outputs: [{ name: 'y', shape: [4], offset: 16 }] }],
  ['with an empty input inside the image', { inputs: [{ name: 'x', shape: [0, 4], offset: 16 }] }],
  ['with a port up to the last byte', { inputs: [{ name: 'x', shape: [4], offset: 240 }] }],
  ['for two threads', { threads: { count: 2, controlOffset: 128 } }],
  ['of 2 GiB', { memoryBytes: 2 ** 31 }],
  ['with a view that runs backwards', withView({ offset: 92, strides: [-4, -1] })],
  ['with a view that repeats', withView({ strides: [0, 1] })],
  ['with an empty view', withView({ shape: [0, 9], offset: 256, strides: [1e9, 1e9] })],
  ['with a view up to the last byte', withView({ offset: 224 })],
])('a plan %s is accepted', (_case, change) => {
  expect(() => {
    checkPlan({ ...plan, ...change }, imageBytes);
  }).not.toThrow();
});

test.each<[string, Partial<Plan>, string]>([
  ['of no size', { memoryBytes: NaN }, 'memoryBytes is NaN, not an integer from 0 to 2147483648'],
  [
    'of more than 2 GiB',
    { memoryBytes: 2 ** 31 + 1 },
    'memoryBytes is 2147483649, not an integer from 0 to 2147483648',
  ],
  ['with a broken image offset', { imageOffset: -1 }, 'imageOffset is -1, not an integer from 0 to 256'],
  ['too small for its image', { imageOffset: 240 }, 'the image ends at byte 272 of a memory of 256 bytes'],
  ['with relaxed code that needs nothing', { relaxedFeatures: [] }, 'relaxed code needs no feature'],
  ['for no thread', { threads: { count: 1, controlOffset: 128 } }, '1 threads are planned, not several'],
  [
    'for very many threads',
    { threads: { count: 257, controlOffset: 128 } },
    'number of threads is 257, not an integer from 0 to 256',
  ],
  [
    'with thread control off alignment',
    { threads: { count: 2, controlOffset: 96 } },
    'thread control is at byte 96, which is not a multiple of 64',
  ],
  [
    'with thread control past the end',
    { threads: { count: 2, controlOffset: 192 } },
    'thread control at byte 192 ends outside the memory of 256 bytes',
  ],
  [
    'with thread control in a state',
    { threads: { count: 2, controlOffset: 64 } },
    'thread control and state s overlap in memory',
  ],
  [
    'with a port past the end',
    { inputs: [{ name: 'x', shape: [5], offset: 240 }] },
    'input x [5] at byte 240 ends outside the memory of 256 bytes',
  ],
  [
    'with a port of a size no number holds',
    { outputs: [{ name: 'y', shape: new Array<number>(16).fill(2 ** 32 - 1), offset: 0 }] },
    `output y [${new Array<number>(16).fill(2 ** 32 - 1).join(',')}] at byte 0 ends outside the memory of 256 bytes`,
  ],
  [
    'with a port off alignment',
    { outputs: [{ name: 'y', shape: [4], offset: 40 }] },
    'output y is at byte 40, which is not a multiple of 16',
  ],
  [
    'with a port of a broken shape',
    { inputs: [{ name: 'x', shape: [1.5], offset: 32 }] },
    'input x has shape [1.5], which is not made of 32-bit counts',
  ],
  [
    'with a port of too many dimensions',
    { inputs: [{ name: 'x', shape: new Array<number>(17).fill(1), offset: 32 }] },
    'input x has 17 dimensions, the limit is 16',
  ],
  [
    'with an input in the image',
    { inputs: [{ name: 'x', shape: [4], offset: 16 }] },
    'image and input x overlap in memory',
  ],
  [
    'with a state in the image',
    { states: [{ name: 's', shape: [4], offset: 0 }] },
    'image and state s overlap in memory',
  ],
  [
    'with an input in a state',
    { inputs: [{ name: 'x', shape: [4], offset: 80 }] },
    'state s and input x overlap in memory',
  ],
  [
    'with two inputs in one place',
    {
      inputs: [
        { name: 'x', shape: [4], offset: 32 },
        { name: 'z', shape: [1], offset: 32 },
      ],
    },
    'input x and input z overlap in memory',
  ],
  [
    'with two inputs of one name',
    {
      inputs: [
        { name: 'x', shape: [1], offset: 32 },
        { name: 'x', shape: [1], offset: 48 },
      ],
    },
    'two inputs are called x',
  ],
  [
    'whose outputs take more than its memory',
    { outputs: ['a', 'b', 'c'].map((name) => ({ name, shape: [32], offset: 128 })) },
    'outputs of 384 bytes exceed the memory of 256 bytes',
  ],
  [
    'with too few initial values',
    { states: [{ name: 's', shape: [2, 4], offset: 64, initial: new Float32Array(7) }] },
    'state s [2,4] has 7 initial values',
  ],
  [
    'with half a multiply-add',
    { calls: [{ ...call, macs: 0.5 }] },
    'macs of call0 is 0.5, not an integer from 0 to 9007199254740991',
  ],
  [
    'with broken weight bytes',
    { calls: [{ ...call, weightBytes: -4 }] },
    'weightBytes of call0 is -4, not an integer from 0 to 2147483648',
  ],
  ['with negative padding', { calls: [{ ...call, padding: -1 }] }, 'padding of call0 is -1, not a ratio'],
  [
    'with endless padding',
    { calls: [{ ...call, padding: Infinity }] },
    'padding of call0 is Infinity, not a ratio',
  ],
  [
    'with a view off alignment',
    withView({ offset: 66 }),
    'value v is at byte 66, which is not a multiple of 4',
  ],
  ['with a view that lacks a stride', withView({ strides: [1] }), 'value v [2,4] has 1 strides'],
  [
    'with a view of a broken stride',
    withView({ strides: [0.5, 1] }),
    'value v has stride 0.5, not a 32-bit integer',
  ],
  [
    'with a view past the end',
    withView({ offset: 228 }),
    'value v [2,4] lies outside the memory of 256 bytes',
  ],
  [
    'with a view before the beginning',
    withView({ strides: [-20, 1] }),
    'value v [2,4] lies outside the memory of 256 bytes',
  ],
  [
    'with a view larger than memory',
    withView({ shape: [65], strides: [0] }),
    'value v [65] lies outside the memory of 256 bytes',
  ],
])('a plan %s is refused', (_case, change, problem) => {
  expect(() => {
    checkPlan({ ...plan, ...change }, imageBytes);
  }).toThrow(new GrimError(problem));
});
