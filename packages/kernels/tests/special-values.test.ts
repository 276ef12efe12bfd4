import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Graph, Node, Tensor } from '@grim/ir';

import {
  interpretKernel,
  interpretProgram,
  kernelFamilies,
  lowerGraph,
  type BufferContents,
  type KernelCase,
} from '../src/index.ts';

/** Deterministic values between −1 and 1. */
function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** The same, with a share of NaN and infinities. */
function specialSource(seed: number, share: number): () => number {
  const ordinary = randomSource(seed);
  const choice = randomSource(seed ^ 0x5bd1e995);
  const specials = [NaN, Infinity, -Infinity];
  return () => {
    const value = ordinary();
    const drawn = (choice() + 1) / 2;
    return drawn < share ? (specials[Math.floor((drawn / share) * specials.length)] ?? NaN) : value;
  };
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const SLACK_BYTES = 64;

/** What a kernel leaves in the buffers it is expected to write, scratch aside. */
function writtenBy({ kernel, buffers, expected }: KernelCase): Map<string, Float32Array> {
  const memories = new Map(
    Object.entries(buffers).map(([name, contents]: [string, BufferContents]) => {
      const memory = new Uint8Array(contents.byteLength + 2 * SLACK_BYTES);
      memory.set(new Uint8Array(contents.buffer, contents.byteOffset, contents.byteLength), SLACK_BYTES);
      return [name, memory];
    }),
  );
  const pointers = Object.fromEntries(
    [...memories].map(([name, memory]) => [name, { memory, offset: SLACK_BYTES }]),
  );
  interpretKernel(kernel, pointers);
  return new Map(
    Object.entries(expected)
      .filter(([name]) => name !== 'scratch')
      .map(([name, { length }]) => {
        const bytes = memories.get(name)?.slice(SLACK_BYTES, SLACK_BYTES + 4 * length);
        return [name, new Float32Array(bytes?.buffer ?? new ArrayBuffer(0))];
      }),
  );
}

/** Weights of these may be pruned: what is then multiplied with a zero is their own affair, see below. */
const familiesWithZeros: ReadonlySet<string> = new Set(['csrSpmv', 'spmm', 'spmv']);

describe('NaN and infinities go through every family as through its plain definition', () => {
  for (const family of kernelFamilies) {
    it(family.name, () => {
      let special = 0;
      fc.assert(
        fc.property(seeds, (seed) => {
          // NaN where the family leaves slack, whatever is computed.
          const slack = [...family.cases(randomSource(seed))].map(({ expected }) => expected);
          for (const [index, kernelCase] of [...family.cases(specialSource(seed, 0.05))].entries()) {
            for (const [name, values] of writtenBy(kernelCase)) {
              values.forEach((value, at) => {
                const plain = kernelCase.expected[name]?.[at] ?? 0;
                if (Number.isNaN(slack[index]?.[name]?.[at])) return;
                if (!Number.isFinite(plain)) special++;
                if (Number.isNaN(plain) && familiesWithZeros.has(family.name)) return;
                // How exact finite values are is not asked here: the seeds of normalisations include hard ones.
                const isRight = Number.isFinite(plain)
                  ? Math.abs(value - plain) <= 0.05
                  : Object.is(value, plain);
                if (!isRight) {
                  throw new Error(
                    `${kernelCase.name}: ${name}[${String(at)}] is ${value}, expected ${plain}`,
                  );
                }
              });
            }
          }
        }),
        { numRuns: 4 },
      );
      expect(special).toBeGreaterThan(0);
    });
  }
});

describe('denormal values stay what they are in every family', () => {
  const DENORMAL = 2 ** -130;
  const LAST_PLACE = 2 ** -149;
  // Gates settle their states, see below.
  const settling: ReadonlySet<string> = new Set(['gruGates', 'lstmGates']);

  for (const family of kernelFamilies) {
    it(family.name, () => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const random = randomSource(seed);
          let denormals = 0;
          for (const kernelCase of family.cases(() => random() * DENORMAL)) {
            for (const [name, values] of writtenBy(kernelCase)) {
              values.forEach((value, at) => {
                const plain = kernelCase.expected[name]?.[at] ?? 0;
                if (Number.isNaN(plain)) return;
                const isDenormal = Math.abs(plain) < 2 ** -126;
                if (isDenormal && value !== 0) denormals++;
                if (isDenormal && value === 0 && settling.has(family.name)) return;
                // Every operation rounds by half a last place at most, and no case has more than 64 of them.
                const allowed = isDenormal ? 64 * LAST_PLACE : 1e-4;
                if (!(Math.abs(value - plain) <= allowed)) {
                  throw new Error(
                    `${kernelCase.name}: ${name}[${String(at)}] is ${value}, expected ${plain}`,
                  );
                }
              });
            }
          }
          // Results of these are of ordinary size whatever comes in, or states.
          if (!['layerNorm', 'lstmGates', 'softmax'].includes(family.name)) {
            expect(denormals).toBeGreaterThan(0);
          }
        }),
        { numRuns: 2 },
      );
    });
  }
});

describe('recurrent states below 2⁻⁹⁶ become 0', () => {
  const smallest = 2 ** -96;
  const states = Float32Array.of(1, smallest, -smallest, 2 ** -97, -(2 ** -97), 2 ** -126, 2 ** -149, 0);
  const settled = [1, smallest, -smallest, 0, 0, 0, 0, 0];
  const hidden = states.length;
  const sigmoid = { function: 'sigmoid' } as const;
  const tanh = { function: 'tanh' } as const;

  /** One step whose gates are what their biases make of them, as all other weights are zero. */
  function stepOf(gates: readonly number[], node: Pick<Node, 'inputs' | 'op' | 'outputs'>): Graph {
    const rows = gates.length * hidden;
    const bias = Float32Array.from(gates.flatMap((value) => Array<number>(hidden).fill(value)));
    return {
      name: 'step',
      inputs: [
        { name: 'x', shape: [1, 1, 1] },
        { name: 'h', shape: [1, hidden] },
        { name: 'c', shape: [1, hidden] },
      ],
      outputs: [{ name: 'result', value: 'result' }],
      states: [],
      constants: new Map([
        ['W', { shape: [rows, 1], data: new Float32Array(rows) }],
        ['R', { shape: [rows, hidden], data: new Float32Array(rows * hidden) }],
        ['b', { shape: [rows], data: bias }],
      ]),
      nodes: [{ name: 'step', ...node }],
    };
  }

  const resultOf = (graph: Graph): number[] => {
    const { result } = interpretProgram(lowerGraph(graph)).run({
      x: new Float32Array(1),
      h: states,
      c: states,
    });
    return [...(result?.data ?? [])];
  };

  it.each([true, false])('GRU: a state that an open update gate keeps, linearBeforeReset %s', (linear) => {
    const graph = stepOf([200, 0, 0], {
      op: {
        kind: 'gru',
        hidden,
        direction: 'forward',
        activations: [sigmoid, tanh],
        linearBeforeReset: linear,
      },
      inputs: ['x', 'W', 'R', 'b', null, 'h'],
      outputs: ['every', 'result'],
    });
    expect(resultOf(graph)).toEqual(settled);
  });

  it('LSTM: a cell that an open forget gate keeps', () => {
    const graph = stepOf([-200, 0, 200, 0], {
      op: { kind: 'lstm', hidden, direction: 'forward', activations: [sigmoid, tanh, tanh] },
      inputs: ['x', 'W', 'R', 'b', 'h', 'c'],
      outputs: ['every', 'last', 'result'],
    });
    expect(resultOf(graph)).toEqual(settled);
  });
});

describe('infinite inputs of pruned layers', () => {
  const rows = 24;
  const columns = 40;
  const positions = 5;

  /** Blocks of 8×8: random columns, and of each block every row or every second one. */
  function prunedWeights(seed: number, prunesRows: boolean): Float32Array {
    const random = randomSource(seed);
    const keeps = Array.from({ length: 3 * columns }, () => random() < -0.4);
    return Float32Array.from({ length: rows * columns }, (_, index) => {
      const row = Math.floor(index / columns);
      const column = index % columns;
      const isKept = keeps[Math.floor(row / 8) * columns + column] === true;
      const isRowKept = !prunesRows || (row + Math.floor(column / 8)) % 2 === 0;
      return isKept && isRowKept ? random() + 2 : 0;
    });
  }

  const linear = (weights: Tensor): Graph => ({
    name: 'layer',
    inputs: [{ name: 'x', shape: [positions, columns] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([['W', weights]]),
    nodes: [
      {
        name: 'layer',
        op: { kind: 'linear' },
        inputs: ['x', 'W', null],
        outputs: ['y'],
        weights: [{ input: 1, bcr: { blockRows: 8, blockColumns: 8, rate: 4 } }],
      },
    ],
  });

  const image = (weights: Tensor): Graph => ({
    ...linear({ ...weights, shape: [rows, columns, 1, 1] }),
    inputs: [{ name: 'x', shape: [1, columns, 1, positions] }],
    nodes: [
      {
        name: 'layer',
        op: {
          kind: 'conv',
          strides: [1, 1],
          padsBegin: [0, 0],
          padsEnd: [0, 0],
          dilations: [1, 1],
          groups: 1,
        },
        inputs: ['x', 'W', null],
        outputs: ['y'],
        weights: [{ input: 1, bcr: { blockRows: 8, blockColumns: 8, rate: 4 } }],
      },
    ],
  });

  for (const { name, graph, positionStep, columnStep, outputStep, rowStep } of [
    {
      name: 'a linear layer',
      graph: linear,
      positionStep: columns,
      columnStep: 1,
      outputStep: rows,
      rowStep: 1,
    },
    {
      name: 'a convolution',
      graph: image,
      positionStep: 1,
      columnStep: positions,
      outputStep: 1,
      rowStep: positions,
    },
  ]) {
    for (const prunesRows of [false, true]) {
      it(`${name}, ${prunesRows ? 'rows and columns' : 'columns'} pruned: a pruned weight makes no NaN`, () => {
        fc.assert(
          fc.property(seeds, (seed) => {
            const weights = prunedWeights(seed, prunesRows);
            const program = lowerGraph(graph({ shape: [rows, columns], data: weights }));
            // Zeros that packing stores are multiplied like any weight; these masks need none.
            const path = program.calls.find(({ node }) => node === 'layer')?.path ?? '';
            fc.pre(path.includes('padding 1.00'));
            const x = Float32Array.from({ length: positions * columns }, specialSource(seed, 0.05));
            const y = interpretProgram(program).run({ x })['y']?.data ?? new Float32Array();
            let pruned = 0;
            for (let position = 0; position < positions; position++) {
              for (let row = 0; row < rows; row++) {
                let sum = 0;
                let meetsPruned = false;
                for (let column = 0; column < columns; column++) {
                  const weight = weights[row * columns + column] ?? 0;
                  const input = x[position * positionStep + column * columnStep] ?? 0;
                  if (weight !== 0) sum += weight * input;
                  else if (!Number.isFinite(input)) meetsPruned = true;
                }
                if (meetsPruned && !Number.isNaN(sum)) pruned++;
                const actual = y[position * outputStep + row * rowStep] ?? 0;
                const isRight = Number.isFinite(sum)
                  ? Math.abs(actual - sum) <= 1e-4
                  : Object.is(actual, sum);
                expect(isRight, `row ${row} at ${position} is ${actual}, expected ${sum}; ${path}`).toBe(
                  true,
                );
              }
            }
            expect(pruned).toBeGreaterThan(0);
          }),
          { numRuns: 20 },
        );
      });
    }
  }
});
