import { describe, expect, it } from 'vitest';

import { operatorHeader, operatorHeaderFile } from '@grim/codegen-c';
import { evaluateGraph, type CustomImplementation, type Graph } from '@grim/ir';
import { lowerGraph } from '@grim/kernels';

import { neonProfiles, renderProgram, strict } from '../src/index.ts';
import { crossCompilers, emulator } from './support/cross-compilers.ts';
import { runProgramEmulated } from './support/emulated-program.ts';
import { runProgramInWebAssembly } from './support/wasm-program.ts';
import { wasmToolchain } from './support/wasm-toolchain.ts';

const profile = strict(neonProfiles['cortex-a76']);
const wasm = await wasmToolchain('clang');

/** y = x clipped to ±limit, plus the offset if there is one; count = how many were clipped. */
const source = `#include "grim_operator.h"

void soft_clip(const float *x, const float *offset, float *y, float *count, const grim_shape *shapes,
               const double *attributes) {
  const float limit = (float)attributes[0];
  const size_t values = grim_element_count(&shapes[0]);
  float clipped = 0.0f;
  for (size_t index = 0; index < values; index++) {
    const float value = x[index];
    const float inside = value > limit ? limit : value < -limit ? -limit : value;
    if (inside != value) clipped += 1.0f;
    y[index] = inside + (offset == NULL ? 0.0f : offset[index % (size_t)shapes[1].extents[0]]);
  }
  count[0] = clipped * (float)shapes[2].rank;
}
`;

const softClip: CustomImplementation = ([x, offset], { attributes, outputShapes }) => {
  const limit = attributes[0]?.values[0] ?? NaN;
  const values = x?.data ?? new Float32Array();
  const period = offset?.data.length ?? 1;
  const y = values.map(
    (value, index) => Math.max(-limit, Math.min(limit, value)) + (offset?.data[index % period] ?? 0),
  );
  const [shape = [], countShape = []] = outputShapes;
  const clipped = values.filter((value) => Math.abs(value) > limit).length;
  return [
    { shape, data: y },
    { shape: countShape, data: Float32Array.of(clipped * shape.length) },
  ];
};

const op = {
  kind: 'custom',
  function: 'soft_clip',
  attributes: [{ name: 'limit', values: [0.25] }],
  outputShapes: [[2, 5], []],
} as const;

const graph: Graph = {
  name: 'clipped sums',
  inputs: [{ name: 'x', shape: [2, 5] }],
  outputs: [
    { name: 'y', value: 'again' },
    { name: 'count', value: 'count' },
  ],
  states: [{ name: 'sum', shape: [2, 5], input: 'before', output: 'sum' }],
  constants: new Map([['offset', { shape: [2], data: Float32Array.of(0.5, -0.125) }]]),
  nodes: [
    { name: 'clip', op, inputs: ['x', 'offset'], outputs: ['y', 'count'] },
    { name: 'add', op: { kind: 'binary', function: 'add' }, inputs: ['y', 'before'], outputs: ['sum'] },
    { name: 'clip again', op, inputs: ['sum', null], outputs: ['again', 'other'] },
  ],
};

const program = lowerGraph(graph);
const files = { 'soft_clip.c': source };
const runs = [1, 2, 3].map((run) => Float32Array.from({ length: 10 }, (_, index) => Math.sin(run * index)));

/** Outputs of all runs, and of all again after a reset. */
function expected(): number[] {
  let states: Record<string, Float32Array> = {};
  const outputs = runs.flatMap((x) => {
    const evaluation = evaluateGraph(graph, { inputs: { x }, states, operators: { soft_clip: softClip } });
    states = evaluation.states;
    return Object.values(evaluation.outputs).flatMap((values) => [...values]);
  });
  return [...outputs, ...outputs];
}

describe('an operator of a user’s own in C', () => {
  it('brings the header that it includes, and its prototype', () => {
    const rendered = renderProgram(program, profile);
    expect(rendered.get(operatorHeaderFile)).toBe(operatorHeader);
    expect(rendered.get('model.c')).toContain(
      'void soft_clip(const float *, const float *, float *, float *, const grim_shape *, const double *);',
    );
    const without = lowerGraph({
      ...graph,
      nodes: graph.nodes.slice(1, 2),
      inputs: [{ name: 'y', shape: [2, 5] }],
      outputs: [],
    });
    expect([...renderProgram(without, profile).keys()]).toEqual(['model.h', 'model.c', 'model_weights.c']);
  });

  for (const [name, compiler = []] of Object.entries(crossCompilers())) {
    it.skipIf(compiler.length === 0 || emulator === undefined)(`is linked by ${name}`, async () => {
      const outputs = await runProgramEmulated(program, compiler, ['-O2'], profile, runs, files);
      expect([...outputs]).toEqual(expected());
    });
  }

  it.skipIf(wasm === undefined)('is linked in WebAssembly', async () => {
    if (!wasm) return;
    expect(await runProgramInWebAssembly(wasm, program, profile, runs, files)).toEqual(expected());
  });
});
