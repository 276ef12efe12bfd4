// Run where the tarballs are installed: compiles a network for threads to the file named by the first parameter, and prints
// what it gives here on one thread, as JSON `{ threads, frames, bits }`, with outputs as the integers of the same bits.
import { readFileSync, writeFileSync } from 'node:fs';
import { compileGraph } from '@grim/codegen-wasm';
import { writeArtefact } from '@grim/ir';
import { loadModel } from '@grim/runtime';

// Two layers, each large enough to be shared, so that threads wait for each other in the middle of a run.
// y = second · tanh(first · x), with 512 values in and out and 1024 between.
const [outer, inner] = [512, 1024];
const weights = (rows, columns) => ({
  shape: [rows, columns],
  data: Float32Array.from({ length: rows * columns }, (_, index) => Math.sin(index) / 16),
});
const graph = {
  name: 'shared',
  inputs: [{ name: 'x', shape: [1, outer] }],
  outputs: [{ name: 'y', value: 'y' }],
  states: [],
  constants: new Map([
    ['first', weights(inner, outer)],
    ['second', weights(outer, inner)],
  ]),
  nodes: [
    {
      name: 'widen',
      op: { kind: 'linear', activation: { function: 'tanh' } },
      inputs: ['x', 'first', null],
      outputs: ['wide'],
    },
    { name: 'narrow', op: { kind: 'linear' }, inputs: ['wide', 'second', null], outputs: ['y'] },
  ],
};

const frames = [1, 2, 3].map((turn) =>
  Array.from({ length: outer }, (_, index) => Math.fround(Math.cos(turn * index))),
);
const provenance = { grimVersion: '0.1.0', options: {} };
const program = await compileGraph(graph, { threads: 2 });
writeFileSync(process.argv[2], writeArtefact({ ...program, provenance }));
const session = (await loadModel(readFileSync(process.argv[2]))).createSession();
const bits = frames.map((frame) => [
  ...new Int32Array(session.step(Float32Array.from(frame)).slice().buffer),
]);
console.log(JSON.stringify({ threads: program.plan.threads?.count ?? 1, frames, bits }));
