import workerThreads from 'node:worker_threads';
import {
  elementCount,
  writeArtefact,
  type CompiledProgram,
  type Graph,
  type Node,
  type Tensor,
} from '@grim/ir';
import { loadModel } from '@grim/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';

// Loaded as the product loads it: on demand.
const { assemble, compileGraph, renderModule, strictSimd } = await import('@grim/codegen-wasm');
const { lowerGraph } = await import('@grim/kernels');

/** Which share of the rows and columns of each block of 16×32 weights is left. */
interface Kept {
  readonly rows: number;
  readonly columns: number;
}

const dense: Kept = { rows: 1, columns: 1 };
const columnsPruned: Kept = { rows: 1, columns: 0.6 };
const bothPruned: Kept = { rows: 0.7, columns: 0.7 };

/** A number from 0 to 1 that looks random and is the same every time. */
function hash(a: number, b: number): number {
  const mixed = Math.imul(Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ b, 0xc2b2ae35);
  return (Math.imul(mixed ^ (mixed >>> 15), 0x27d4eb2f) >>> 0) / 2 ** 32;
}

const value = (index: number): number => hash(index, 1) - 0.5;

/** A weight with whole rows and columns of blocks zero. */
function weights(shape: readonly number[], kept: Kept): Tensor {
  const columns = elementCount(shape.slice(1));
  const data = Float32Array.from({ length: elementCount(shape) }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const isRowKept = hash(row, Math.floor(column / 32)) < kept.rows;
    const isColumnKept = hash(column, 1000 + Math.floor(row / 16)) < kept.columns;
    return isRowKept && isColumnKept ? value(index) : 0;
  });
  return { shape, data };
}

const specs = (kept: Kept, ...inputs: readonly number[]): Pick<Node, 'weights'> =>
  kept === dense
    ? {}
    : { weights: inputs.map((input) => ({ input, bcr: { blockRows: 16, blockColumns: 32, rate: 4 } })) };

/** Two 3×3 convolutions of an image, with a bias and an activation. */
function imageGraph(kept: Kept, height: number, stride: number): Graph {
  const op = {
    kind: 'conv',
    strides: [stride, stride],
    padsBegin: [1, 1],
    padsEnd: [1, 1],
    dilations: [1, 1],
    groups: 1,
    activation: { function: 'tanh' },
  } as const;
  return {
    name: 'image',
    inputs: [{ name: 'x', shape: [1, 32, height, 37] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([
      ['first', weights([48, 32, 3, 3], kept)],
      ['bias', weights([48], dense)],
      ['second', weights([48, 48, 3, 3], kept)],
    ]),
    nodes: [
      { name: 'a', op, inputs: ['x', 'first', 'bias'], outputs: ['between'], ...specs(kept, 1) },
      { name: 'b', op, inputs: ['between', 'second'], outputs: ['y'], ...specs(kept, 1) },
    ],
  };
}

/** A convolution of a sequence, split by positions, and a product with one column, split by rows. */
function sequenceGraph(kept: Kept): Graph {
  const op = { kind: 'conv', strides: [1], padsBegin: [1], padsEnd: [1], dilations: [1], groups: 1 } as const;
  return {
    name: 'sequence',
    inputs: [{ name: 'x', shape: [1, 64, 67] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([
      ['first', weights([96, 64, 3], kept)],
      ['second', weights([304, 96 * 67], kept)],
      ['bias', weights([304], dense)],
    ]),
    nodes: [
      { name: 'a', op, inputs: ['x', 'first'], outputs: ['between'], ...specs(kept, 1) },
      { name: 'flat', op: { kind: 'reshape', shape: [1, 96 * 67] }, inputs: ['between'], outputs: ['row'] },
      {
        name: 'b',
        op: { kind: 'linear' },
        inputs: ['row', 'second', 'bias'],
        outputs: ['y'],
        ...specs(kept, 1),
      },
    ],
  };
}

/** One step of a GRU whose state carries over. */
function recurrentGraph(kept: Kept): Graph {
  const hidden = 560;
  return {
    name: 'recurrent',
    inputs: [{ name: 'x', shape: [1, 1, 512] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [{ name: 'h', shape: [1, hidden], input: 'before', output: 'after' }],
    constants: new Map([
      ['W', weights([3 * hidden, 512], kept)],
      ['R', weights([3 * hidden, hidden], kept)],
      ['b', weights([3 * hidden], dense)],
    ]),
    nodes: [
      {
        name: 'gru',
        op: {
          kind: 'gru',
          hidden,
          direction: 'forward',
          linearBeforeReset: true,
          activations: [{ function: 'sigmoid' }, { function: 'tanh' }],
        },
        inputs: ['x', 'W', 'R', 'b', null, 'before'],
        outputs: ['y', 'after'],
        ...specs(kept, 1, 2),
      },
    ],
  };
}

const fileOf = (program: CompiledProgram): Uint8Array =>
  writeArtefact({ ...program, provenance: { grimVersion: '0.1.0', options: {} } });

/** Outputs of three runs, as bits. */
async function run(program: CompiledProgram, threads: number): Promise<Int32Array[]> {
  const model = await loadModel(fileOf(program), { threads });
  expect(model.threads).toEqual({ count: threads, reason: 'as asked for' });
  const session = model.createSession();
  const length = model.inputs[0]?.length ?? 0;
  const results = [0, 1, 2].map((turn) => {
    const output = session.step(Float32Array.from({ length }, (_, index) => value(index + turn * length)));
    return new Int32Array(output.slice().buffer);
  });
  await model.close();
  return results;
}

const kinds = Object.entries({ dense, columnsPruned, bothPruned });

test.each<[string, Graph]>([
  ...kinds.flatMap(([kind, kept]): [string, Graph][] => [
    [`images, ${kind}`, imageGraph(kept, 14, 1)],
    [`images with stride 2, ${kind}`, imageGraph(kept, 53, 2)],
    [`sequences, ${kind}`, sequenceGraph(kept)],
    [`recurrent layers, ${kind}`, recurrentGraph(kept)],
  ]),
])('%s: threads compute the bits that one thread computes', async (_name, graph) => {
  const expected = await run(await compileGraph(graph), 1);
  expect(new Set(expected[0]).size).toBeGreaterThan(100);
  const program = await compileGraph(graph, { threads: 3 });
  expect(program.plan.threads?.count).toBeGreaterThan(1);
  for (let threads = 1; threads <= (program.plan.threads?.count ?? 1); threads++) {
    expect(await run(program, threads), `${String(threads)} threads`).toEqual(expected);
  }
});

test('a worker that dies while the caller waits for it is an error, not a hang', async () => {
  const workers: workerThreads.Worker[] = [];
  const { Worker } = workerThreads;
  vi.spyOn(workerThreads, 'Worker').mockImplementation(function (script, options) {
    const worker = new Worker(script, options);
    workers.push(worker);
    return worker;
  });
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const graph = recurrentGraph(dense);
  const { plan, image } = await compileGraph(graph, { threads: 2 });
  const text = renderModule(lowerGraph(graph, { threads: 2 }), { ...strictSimd, threads: true });
  // A thread that waits gives up after a hundredth of a second instead of a minute.
  const impatient = text.replaceAll('(i64.const 60000000000)', '(i64.const 10000000)');
  expect(impatient).not.toBe(text);
  const model = await loadModel(fileOf({ plan, image, code: await assemble(impatient) }), { threads: 2 });
  const session = model.createSession();
  session.step(new Float32Array(512));
  const ended = workers[0]?.terminate();
  // This thread hears of it only when it returns to its event loop.
  expect(() => {
    for (let run = 0; run < 100_000; run++) session.step(new Float32Array(512));
  }).toThrow('a worker of this model does not answer; load it again');
  await ended;
  await model.close();
});

test('a model without a large call is compiled for one thread, whatever is asked for', async () => {
  const graph: Graph = {
    name: 'small',
    inputs: [{ name: 'x', shape: [1, 4] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([['W', weights([8, 4], dense)]]),
    nodes: [{ name: 'product', op: { kind: 'linear' }, inputs: ['x', 'W'], outputs: ['y'] }],
  };
  const program = await compileGraph(graph, { threads: 4 });
  expect(program).toEqual(await compileGraph(graph));
});

test.each([0, 1.5, 257])('%d threads cannot be compiled for', async (threads) => {
  await expect(compileGraph(recurrentGraph(dense), { threads })).rejects.toThrow(
    `${threads} threads: not an integer from 1 to 256`,
  );
});
