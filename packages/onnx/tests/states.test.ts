import { evaluateGraph } from '@grim/ir';
import { describe, expect, test } from 'vitest';
import { importOnnx, type ImportOptions } from '../src/index.ts';
import { floatTensor, int, intTensor, makeModel, node } from './support/onnx-model.ts';
import { noise } from './support/oracle.ts';

const hidden = 3;

/** A GRU whose state comes in as `h` and leaves as `hn`, `Y_h` also being shown once more when asked for. */
function gru({ shownTwice = false, touched = false, onlyState = false } = {}): Uint8Array {
  return makeModel({
    inputs: { x: [1, 1, 2], h: [1, 1, hidden] },
    outputs: [...(onlyState ? [] : ['y']), ...(shownTwice ? ['copy'] : []), 'hn'],
    initializers: [
      floatTensor('W', [1, 3 * hidden, 2], noise(1, 6 * hidden)),
      floatTensor('R', [1, 3 * hidden, hidden], noise(2, 3 * hidden * hidden)),
    ],
    nodes: [
      node('GRU', ['x', 'W', 'R', '', '', 'h'], ['Y', 'Yh'], { hidden_size: int(hidden) }, { name: 'gru' }),
      node('Identity', ['Yh'], ['copy']),
      node(touched ? 'Tanh' : 'Identity', ['Yh'], ['hn']),
      node('Relu', ['Y'], ['y']),
    ],
  });
}

function ports(model: Uint8Array, options: ImportOptions = {}): Record<string, string[]> {
  const graph = importOnnx(model, options);
  return {
    inputs: graph.inputs.map(({ name }) => name),
    outputs: graph.outputs.map(({ name }) => name),
    states: graph.states.map(({ name }) => name),
  };
}

describe('recurrent state', () => {
  test('is found where an input becomes the initial state and an output shows the final one', () => {
    expect(ports(gru())).toEqual({ inputs: ['x'], outputs: ['y'], states: ['h'] });
  });

  test('goes to the output named after its input when two show it', () => {
    expect(ports(gru({ shownTwice: true }))).toEqual({
      inputs: ['x'],
      outputs: ['y', 'copy'],
      states: ['h'],
    });
  });

  test('that is changed on its way out is not taken for one', () => {
    expect(ports(gru({ touched: true }))).toEqual({ inputs: ['x', 'h'], outputs: ['y', 'hn'], states: [] });
  });

  test('stays an output when there is no other', () => {
    expect(ports(gru({ onlyState: true }))).toEqual({ inputs: ['x'], outputs: ['hn'], states: ['h'] });
  });

  test('can be left where it is', () => {
    expect(ports(gru(), { states: [] })).toEqual({ inputs: ['x', 'h'], outputs: ['y', 'hn'], states: [] });
  });

  test('can be named', () => {
    const states = [{ input: 'h', output: 'hn' }];
    expect(ports(gru({ touched: true }), { states })).toEqual({
      inputs: ['x'],
      outputs: ['y'],
      states: ['h'],
    });
  });

  test.each<[string, ImportOptions, RegExp]>([
    [
      'an input that is not there',
      { states: [{ input: 'c', output: 'hn' }] },
      /option states names input c, but the inputs left to choose from are x, h/,
    ],
    [
      'an output that is not there',
      { states: [{ input: 'h', output: 'cn' }] },
      /option states names output cn, but the outputs left to choose from are y, hn/,
    ],
    [
      'another shape',
      { states: [{ input: 'x', output: 'hn' }] },
      /input x of shape \[1,1,2\] cannot be replaced by output hn of shape \[1,1,3\]/,
    ],
    [
      'one input twice',
      {
        states: [
          { input: 'h', output: 'hn' },
          { input: 'h', output: 'hn' },
        ],
      },
      /option states names input h, but the inputs left to choose from are x$/,
    ],
  ])('named with %s: refused', (_, options, message) => {
    expect(() => importOnnx(gru(), options)).toThrow(message);
  });
});

test('two layers that keep their states stacked in one tensor get a state each', () => {
  const weights = (name: string, seed: number): ReturnType<typeof floatTensor>[] => [
    floatTensor(`W${name}`, [1, 4 * hidden, hidden], noise(seed, 4 * hidden * hidden)),
    floatTensor(`R${name}`, [1, 4 * hidden, hidden], noise(seed + 1, 4 * hidden * hidden)),
  ];
  const model = makeModel({
    inputs: { x: [1, 1, hidden], h: [2, 1, hidden], c: [2, 1, hidden] },
    outputs: ['y', 'hn', 'cn'],
    initializers: [
      ...weights('0', 1),
      ...weights('1', 3),
      intTensor('halves', [1, 1]),
      intTensor('axis', [1]),
    ],
    nodes: [
      node('Split', ['h', 'halves'], ['h0', 'h1'], { axis: int(0) }),
      node('Split', ['c', 'halves'], ['c0', 'c1'], { axis: int(0) }),
      node('LSTM', ['x', 'W0', 'R0', '', '', 'h0', 'c0'], ['Y0', 'h0n', 'c0n'], { hidden_size: int(hidden) }),
      node('Squeeze', ['Y0', 'axis'], ['y0']),
      node('LSTM', ['y0', 'W1', 'R1', '', '', 'h1', 'c1'], ['Y1', 'h1n', 'c1n'], {
        hidden_size: int(hidden),
      }),
      node('Concat', ['h0n', 'h1n'], ['hn'], { axis: int(0) }),
      node('Concat', ['c0n', 'c1n'], ['cn'], { axis: int(0) }),
      node('Squeeze', ['Y1', 'axis'], ['y']),
    ],
  });
  const kept = importOnnx(model);
  expect(kept.states).toHaveLength(4);
  expect(kept.states.every(({ shape }) => shape.join() === [1, hidden].join())).toBe(true);
  expect(kept.nodes.map(({ op }) => op.kind)).toEqual(['lstm', 'lstm']);

  const passed = importOnnx(model, { states: [] });
  let h: Float32Array = new Float32Array(2 * hidden);
  let c: Float32Array = new Float32Array(2 * hidden);
  let states: Record<string, Float32Array> = {};
  for (let step = 0; step < 4; step++) {
    const input = noise(10 + step, hidden);
    const withPorts = evaluateGraph(passed, { inputs: { x: input, h, c } }).outputs;
    const withStates = evaluateGraph(kept, { inputs: { x: input }, states });
    expect(withStates.outputs['y']).toEqual(withPorts['y']);
    states = withStates.states;
    h = withPorts['hn'] ?? h;
    c = withPorts['cn'] ?? c;
  }
});
