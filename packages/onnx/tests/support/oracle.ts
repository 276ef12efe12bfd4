import { evaluateGraph, type Graph } from '@grim/ir';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect } from 'vitest';
import { importOnnx, type ImportOptions } from '../../src/index.ts';

/** Values that depend on nothing but the seed: uniform in [-1, 1). */
export function noise(seed: number, count: number): Float32Array {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The low bits of this generator repeat quickly.
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

export function count(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** A float input of a model under test. */
export interface OracleInput {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What onnxruntime computes, by output name. */
export async function runOnnxruntime(
  model: Uint8Array,
  inputs: Readonly<Record<string, OracleInput>>,
): Promise<Record<string, OracleInput>> {
  const session = await InferenceSession.create(model, {
    logSeverityLevel: 4,
    graphOptimizationLevel: 'disabled',
  });
  try {
    const feeds = Object.entries(inputs).map(
      ([name, { shape, data }]) => [name, new Tensor('float32', data, [...shape])] as const,
    );
    const results = await session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [
        name,
        { shape: tensor.dims, data: Float32Array.from(tensor.data as Float32Array) },
      ]),
    );
  } finally {
    await session.release();
  }
}

/**
 * Imports the model, evaluates it with the reference interpreter and expects the outputs of onnxruntime: shapes equal,
 * numbers within `tolerance` of them, relative where they are larger than 1.
 */
export async function expectSameAsOnnxruntime(
  model: Uint8Array,
  inputs: Readonly<Record<string, OracleInput>>,
  options: ImportOptions = {},
  tolerance = 1e-5,
): Promise<Graph> {
  const expected = await runOnnxruntime(model, inputs);
  const graph = importOnnx(model, { states: [], ...options });
  const actual = evaluateGraph(graph, {
    inputs: Object.fromEntries(
      graph.inputs.map(({ name }) => [name, inputs[name]?.data ?? new Float32Array()]),
    ),
  });
  expect(Object.keys(actual.outputs).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, { data }] of Object.entries(expected)) {
    const values = actual.outputs[name] ?? new Float32Array();
    expect(values.length, `elements of ${name}`).toBe(data.length);
    data.forEach((value, index) => {
      const difference = Math.abs(value - (values[index] ?? NaN)) / Math.max(1, Math.abs(value));
      const close =
        value === values[index] ||
        difference <= tolerance ||
        (Number.isNaN(value) && Number.isNaN(values[index]));
      if (!close) expect.fail(`${name}[${index}] is ${values[index] ?? NaN}, onnxruntime has ${value}`);
    });
  }
  return graph;
}

/** The elements of a tensor after its dimensions are permuted: dimension `d` of the result is `order[d]` of it. */
export function permute(
  data: Float32Array | undefined,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const strides = shape.map((_, axis) => count(shape.slice(axis + 1)));
  const target = order.map((axis) => shape[axis] ?? 1);
  return Float32Array.from({ length: count(target) }, (_, position) => {
    let rest = position;
    let source = 0;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      const extent = target[axis] ?? 1;
      source += (rest % extent) * (strides[order[axis] ?? 0] ?? 0);
      rest = Math.floor(rest / extent);
    }
    return data?.[source] ?? NaN;
  });
}
