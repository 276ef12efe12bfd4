import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { elementCount, evaluateGraph, type Graph, type Tensor } from '@grim/ir';
import {
  interpretKernel,
  interpretProgram,
  kernelFamilies,
  lowerGraph,
  type KernelCase,
} from '@grim/kernels';

import { instantiateKernels, placeBuffers } from './support/kernel-module.ts';
import { convGraph, denseAndRecurrentGraph, movementGraph, noise } from './support/random-graph.ts';
import { instantiate } from './support/run-module.ts';
import { singleOperatorGraphs } from './support/single-operator-graph.ts';

/** Well below the smallest normal number, and with bits to spare above the smallest denormal one. */
const DENORMAL = 2 ** -130;
const LAST_PLACE = 2 ** -149;

/** Deterministic values of which a share is NaN or infinite. */
function specialNoise(seed: number, share: number): () => number {
  const ordinary = noise(seed);
  const choice = noise(seed + 1);
  const specials = [NaN, Infinity, -Infinity];
  return () => {
    const value = ordinary();
    const drawn = (choice() + 1) / 2;
    return drawn < share ? (specials[Math.floor((drawn / share) * specials.length)] ?? NaN) : value;
  };
}

const words = (bytes: Uint8Array): Int32Array => new Int32Array(bytes.slice(0, bytes.length & ~3).buffer);

/** The first place at which bits differ, except that any NaN is as good as another one. */
function firstDifference(actual: Int32Array, expected: Int32Array): number {
  const isNan = (word: number): boolean => (word & 0x7fffffff) > 0x7f800000;
  return actual.findIndex((word, index) => {
    const other = expected[index] ?? 0;
    return word !== other && !(isNan(word) && isNan(other));
  });
}

/** Runs cases as WebAssembly and interpreted, and compares everything in memory. */
async function compareKernels(cases: readonly KernelCase[]): Promise<void> {
  const kernels = new Map(cases.map(({ kernel }) => [kernel.name, kernel]));
  const [memory, exports] = await instantiateKernels(kernels);
  for (const { name, kernel, buffers } of cases) {
    const [interpreted, addresses] = placeBuffers(kernel, buffers);
    const compiled = new Uint8Array(memory.buffer, 0, interpreted.length);
    compiled.set(interpreted);
    const pointers = Object.fromEntries(
      kernel.buffers.map((buffer, index) => [
        buffer.name,
        { memory: interpreted, offset: addresses[index] ?? 0 },
      ]),
    );
    interpretKernel(kernel, pointers);
    (exports[kernel.name] as (...addresses: number[]) => void)(...addresses);
    const difference = firstDifference(words(compiled), words(interpreted));
    expect(difference, `${name} (${kernel.name}): first differing word`).toBe(-1);
  }
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

describe('every kernel family: WebAssembly has the bits of the interpreter', () => {
  const sources = {
    'with NaN and infinities': (seed: number) => specialNoise(seed, 0.03),
    'with denormal values': (seed: number) => {
      const ordinary = noise(seed);
      return () => ordinary() * DENORMAL;
    },
  };
  for (const family of kernelFamilies) {
    for (const [what, source] of Object.entries(sources)) {
      it(`${family.name} ${what}`, async () => {
        const property = fc.asyncProperty(seeds, async (seed) => {
          await compareKernels([...family.cases(source(seed))]);
        });
        await fc.assert(property, { numRuns: 1, endOnFailure: true });
      });
    }
  }
});

/** The graph with its constants multiplied by a power of two. */
function scaleConstants(graph: Graph, factor: number): Graph {
  const constants = new Map(
    [...graph.constants].map(([name, { shape, data }]): [string, Tensor] => [
      name,
      { shape, data: data.map((value) => value * factor) },
    ]),
  );
  return { ...graph, constants };
}

function largestOf(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** The outputs of one run of a graph: by the reference, and by WebAssembly, whose bits are those of the interpreter. */
async function runOnce(
  graph: Graph,
  next: () => number,
): Promise<{ name: string; expected: Float32Array; actual: Float32Array; within: number }[]> {
  const program = lowerGraph(graph);
  const inputs = Object.fromEntries(
    graph.inputs.map(({ name, shape }) => [name, Float32Array.from({ length: elementCount(shape) }, next)]),
  );
  const interpreted = interpretProgram(program).run(inputs);
  const compiled = (await instantiate(program)).run(inputs);
  const { outputs, values } = evaluateGraph(graph, { inputs, keep: 'all' });
  const within = Math.max(0, ...[...values.values()].map(({ data }) => largestOf(data)));
  return Object.entries(outputs).map(([name, expected]) => {
    const actual = compiled[name] ?? new Float32Array();
    const bits = new Int32Array(interpreted[name]?.data.buffer ?? new ArrayBuffer(0));
    expect(firstDifference(new Int32Array(actual.buffer), bits), `${name}: first differing word`).toBe(-1);
    return { name, expected, actual, within };
  });
}

const graphs = fc.oneof(
  convGraph,
  denseAndRecurrentGraph,
  movementGraph,
  singleOperatorGraphs.pool,
  singleOperatorGraphs.resize,
);

/** All values are 0.2 and their mean may not be: a layer norm leaves nothing of them, or what rounding did. */
const levelled: Graph = {
  name: 'levelled',
  inputs: [{ name: 'x', shape: [1, 5] }],
  outputs: [{ name: 'y', value: 'y' }],
  states: [],
  constants: new Map([
    ['floor', { shape: [1], data: Float32Array.of(0.21424013376235962) }],
    ['scale', { shape: [5], data: Float32Array.of(0.1, 0.7, -0.1, 0.9, -0.1) }],
  ]),
  nodes: [
    { name: 'max', op: { kind: 'binary', function: 'max' }, inputs: ['x', 'floor'], outputs: ['level'] },
    {
      name: 'norm',
      op: { kind: 'layerNorm', axis: 1, epsilon: 0.1 },
      inputs: ['level', 'scale', null],
      outputs: ['y'],
    },
  ],
};

describe('random graphs with denormal values: reference, interpreted kernels and WebAssembly agree', () => {
  async function compare(graph: Graph, next: () => number): Promise<void> {
    // Recurrent layers replace states below 2⁻⁹⁶ by 0, which a later layer may add up.
    const settled = graph.nodes.some(({ op }) => op.kind === 'gru' || op.kind === 'lstm') ? 2 ** -90 : 0;
    for (const { name, expected, actual, within } of await runOnce(graph, next)) {
      // What was large on its way (a border of a half, a weight) may have left nothing of it but its rounding.
      const allowed = 2e-5 * largestOf(expected) + 1e-6 * within + 256 * LAST_PLACE + settled;
      expected.forEach((value, index) => {
        const difference = Math.abs((actual[index] ?? NaN) - value);
        expect(difference, `${name}[${String(index)}]`).toBeLessThanOrEqual(allowed);
      });
    }
  }

  it('denormal inputs', async () => {
    const property = fc.asyncProperty(graphs, async (graph) => {
      const next = noise(7);
      await compare(graph, () => next() * DENORMAL);
    });
    await fc.assert(property, { numRuns: 60, examples: [[levelled]] });
  });

  it('denormal weights', async () => {
    const property = fc.asyncProperty(graphs, async (graph) => {
      await compare(scaleConstants(graph, DENORMAL), noise(7));
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

describe('random graphs with NaN and infinities in their inputs', () => {
  it('have them where the reference has them', async () => {
    let special = 0;
    const property = fc.asyncProperty(graphs, seeds, async (graph, seed) => {
      // A pruned weight makes no NaN of an infinite input, the reference's zero does.
      const mayLoseNan = [...graph.constants.values()].some(({ data }) => data.includes(0));
      for (const { name, expected, actual } of await runOnce(graph, specialNoise(seed, 0.02))) {
        const largest = expected.reduce(
          (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
          1,
        );
        expected.forEach((value, index) => {
          const result = actual[index] ?? 0;
          if (!Number.isFinite(value)) special++;
          if (Number.isNaN(value) && mayLoseNan) return;
          const isRight = Number.isFinite(value)
            ? Math.abs(result - value) <= 2e-5 * largest
            : Object.is(result, value);
          expect(isRight, `${name}[${String(index)}] is ${String(result)}, expected ${String(value)}`).toBe(
            true,
          );
        });
      }
    });
    await fc.assert(property, { numRuns: 250 });
    expect(special).toBeGreaterThan(0);
  });
});
