import { evaluateGraph, type Graph } from '@grim/ir';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import { realModels } from './support/real-models.ts';

/** Deterministic noise whose loudness changes from frame to frame. */
function frame(samples: number, index: number): Float32Array {
  let seed = 1234 + index;
  return Float32Array.from({ length: samples }, (_, sample) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const noise = seed / 2 ** 31 - 1;
    return 0.1 * (1 + (index % 3)) * noise + 0.3 * Math.sin(sample * 0.05 * (1 + index));
  });
}

interface Streaming {
  readonly samples: number;
  /** State inputs of the ONNX model, their shapes and the outputs that replace them. */
  readonly states: Readonly<Record<string, { readonly shape: number[]; readonly output: string }>>;
}

/** Largest difference of the probability over some frames with carried state. */
async function compare(bytes: Uint8Array, graph: Graph, { samples, states }: Streaming): Promise<number> {
  const session = await InferenceSession.create(bytes);
  const expectedStates = Object.fromEntries(
    Object.entries(states).map(([name, { shape }]) => [
      name,
      new Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape),
    ]),
  );
  let carried: Record<string, Float32Array> = {};
  let worst = 0;
  for (let index = 0; index < 4; index++) {
    const input = frame(samples, index);
    const expected = await session.run({
      input: new Tensor('float32', input, [1, samples]),
      sr: new Tensor('int64', [16000n]),
      ...expectedStates,
    });
    for (const [name, { output, shape }] of Object.entries(states)) {
      expectedStates[name] = new Tensor('float32', expected[output]?.data as Float32Array, shape);
    }
    const actual = evaluateGraph(graph, { inputs: { input }, states: carried });
    carried = actual.states;
    const difference =
      (actual.outputs['output']?.[0] ?? NaN) - ((expected['output']?.data[0] as number | undefined) ?? NaN);
    worst = Math.max(worst, Math.abs(difference));
  }
  return worst;
}

const lstmState = { state: { shape: [2, 1, 128], output: 'stateN' } };

test.each(['v5', 'v6'] as const)(
  'silero %s is equal to onnxruntime over frames with carried state',
  async (version) => {
    const bytes = realModels[version]();
    const graph = importOnnx(bytes, { inputs: { sr: 16000 }, shapes: { input: [1, 576] } });
    expect(await compare(bytes, graph, { samples: 576, states: lstmState })).toBeLessThanOrEqual(1e-5);
  },
);

test('silero legacy is equal to onnxruntime over frames with carried state', async () => {
  const bytes = realModels.legacy();
  const graph = importOnnx(bytes, { inputs: { sr: 16000 }, shapes: { input: [1, 1536] } });
  const states = { h: { shape: [2, 1, 64], output: 'hn' }, c: { shape: [2, 1, 64], output: 'cn' } };
  expect(await compare(bytes, graph, { samples: 1536, states })).toBeLessThanOrEqual(1e-5);
});

test('silero v5 becomes one LSTM with states of its own between convolutions', () => {
  const graph = importOnnx(realModels.v5(), { inputs: { sr: 16000 }, shapes: { input: [1, 576] } });
  const kinds = graph.nodes.map(({ op }) => op.kind);
  expect(kinds.filter((kind) => kind === 'lstm')).toHaveLength(1);
  const encoder = graph.nodes.filter(({ name }) => /encoder\/\d\/reparam_conv\/Conv$/.test(name));
  expect(encoder.map(({ op }) => op.kind === 'conv' && op.activation?.function)).toEqual([
    'relu',
    'relu',
    'relu',
    'relu',
  ]);
  expect(graph.states.map(({ shape }) => shape)).toEqual([
    [1, 128],
    [1, 128],
  ]);
  const lstm = graph.nodes.find(({ op }) => op.kind === 'lstm');
  expect(graph.states.map(({ input, output }) => [input, output])).toEqual([
    [lstm?.inputs[4], lstm?.outputs[1]],
    [lstm?.inputs[5], lstm?.outputs[2]],
  ]);
  expect(graph.inputs).toEqual([{ name: 'input', shape: [1, 576] }]);
  expect(graph.outputs.map(({ name }) => name)).toEqual(['output']);
  expect(kinds).not.toContain('transpose');
  expect(kinds).not.toContain('concat');
});

test('the branch for 8 kHz is taken when the sample rate says so', () => {
  const graph = importOnnx(realModels.v5(), { inputs: { sr: 8000 }, shapes: { input: [1, 288] } });
  const spectrum = graph.nodes.find(({ name }) => name.includes('encoder/0'));
  expect(graph.constants.get(spectrum?.inputs[1] ?? '')?.shape).toEqual([128, 65, 3]);
});
