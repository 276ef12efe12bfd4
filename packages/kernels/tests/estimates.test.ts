import type { Graph } from '@grim/ir';
import { describe, expect, it } from 'vitest';

import {
  estimateKernel,
  estimateProgram,
  interpretKernel,
  kernelFamilies,
  lowerGraph,
  type BufferPointer,
  type CallEstimate,
  type Expression,
  type InterpreterObserver,
  type Kernel,
  type KernelCase,
  type KernelEstimate,
  type OperationCounts,
  type Program,
  type Traffic,
} from '../src/index.ts';
import { randomSource } from './support/random-source.ts';

const isFloat = (type: Expression['type']): boolean => type === 'f32' || type === 'f32x4';
const lanesOf = (type: Expression['type']): number => (type.endsWith('x4') ? 4 : 1);

type Access = (buffer: string, address: number, bytes: number) => void;

/** Operations of a kernel while it runs: every turn of every loop. */
function countOperations(
  kernel: Kernel,
  pointers: Readonly<Record<string, BufferPointer>>,
  loaded: Access,
  stored: Access,
): OperationCounts {
  const counts = { multiplyAdds: 0, otherOperations: 0, transcendentals: 0 };
  const observer: InterpreterObserver = {
    evaluated: (expression) => {
      const lanes = lanesOf(expression.type);
      if (expression.op === 'multiplyAdd') counts.multiplyAdds += lanes;
      const arithmetic = expression.op === 'unary' || expression.op === 'binary';
      if (arithmetic && isFloat(expression.type)) counts.otherOperations += lanes;
      if (expression.op === 'compare' && isFloat(expression.left.type)) counts.otherOperations += lanes;
    },
    set: (statement) => {
      if (statement.kind === 'declare' && statement.transcendental) {
        counts.transcendentals += lanesOf(statement.type);
      }
    },
    loaded,
    stored,
  };
  interpretKernel(kernel, pointers, { observer });
  return counts;
}

/** Counts bytes, every address of every access. */
function countTraffic(): {
  add: (kind: 'loaded' | 'stored', address: number, bytes: number) => void;
  total: () => Traffic;
} {
  const sums = { loaded: 0, stored: 0 };
  const touched = new Set<number>();
  return {
    add: (kind, address, bytes) => {
      sums[kind] += bytes;
      for (let byte = 0; byte < bytes; byte++) touched.add(address + byte);
    },
    total: () => ({ loadedBytes: sums.loaded, storedBytes: sums.stored, touchedBytes: touched.size }),
  };
}

function countCase({ kernel, buffers }: KernelCase): KernelEstimate {
  const traffic = new Map(kernel.buffers.map(({ name }) => [name, countTraffic()]));
  const band = 64;
  const pointers = Object.fromEntries(
    Object.entries(buffers).map(([name, contents]) => {
      const memory = new Uint8Array(contents.byteLength + 2 * band);
      memory.set(new Uint8Array(contents.buffer, contents.byteOffset, contents.byteLength), band);
      return [name, { memory, offset: band }];
    }),
  );
  const access =
    (kind: 'loaded' | 'stored'): Access =>
    (buffer, address, bytes) =>
      traffic.get(buffer)?.add(kind, address, bytes);
  const counts = countOperations(kernel, pointers, access('loaded'), access('stored'));
  return {
    ...counts,
    buffers: Object.fromEntries([...traffic].map(([name, { total }]) => [name, total()])),
  };
}

describe('estimates are what the interpreter does, over all cases of every family', () => {
  for (const family of kernelFamilies) {
    it(family.name, () => {
      for (const kernelCase of family.cases(randomSource(1))) {
        const { kernel, buffers, name } = kernelCase;
        expect(estimateKernel(kernel, buffers), `${name} (${kernel.name})`).toEqual(countCase(kernelCase));
      }
    });
  }
});

/** Two pruned layers with functions between them; the second one adds its input in place of a bias. */
function model(random: () => number): Graph {
  const size = 40;
  const weights = (pruned: boolean): Float32Array =>
    Float32Array.from({ length: size * size }, (_, index) => (pruned && index % 8 > 0 ? 0 : 2 + random()));
  const spec = [{ input: 1, bcr: { blockRows: 8, blockColumns: 40, rate: 8 } }];
  return {
    name: 'model',
    inputs: [{ name: 'x', shape: [3, size] }],
    outputs: [{ name: 'z', value: 'z' }],
    states: [],
    constants: new Map([
      ['a', { shape: [size, size], data: weights(true) }],
      ['b', { shape: [size, size], data: weights(false) }],
    ]),
    nodes: [
      {
        name: 'first',
        op: { kind: 'linear', activation: { function: 'tanh' } },
        inputs: ['x', 'a', null],
        outputs: ['y'],
        weights: spec,
      },
      { name: 'second', op: { kind: 'linear' }, inputs: ['y', 'b', null], outputs: ['s'] },
      { name: 'sum', op: { kind: 'binary', function: 'add' }, inputs: ['s', 'y'], outputs: ['z'] },
    ],
  };
}

/** Runs all calls and counts each of them by memory. */
function countProgram(program: Program): CallEstimate[] {
  const memory = new Uint8Array(program.memoryBytes);
  memory.set(program.image, program.imageOffset);
  return program.calls.map(({ kernel, addresses }) => {
    const pointers = Object.fromEntries(
      kernel.buffers.map(({ name }, index) => [name, { memory, offset: addresses[index] ?? 0 }]),
    );
    const constants = countTraffic();
    const arena = countTraffic();
    const access =
      (kind: 'loaded' | 'stored'): Access =>
      (buffer, address, bytes) => {
        const place = (pointers[buffer]?.offset ?? 0) + address;
        const isConstant = place >= program.imageOffset && place < program.imageOffset + program.image.length;
        (isConstant ? constants : arena).add(kind, place, bytes);
      };
    const counts = countOperations(kernel, pointers, access('loaded'), access('stored'));
    return { ...counts, constants: constants.total(), arena: arena.total() };
  });
}

it('estimates of a program are what its calls do to each memory', () => {
  const program = lowerGraph(model(randomSource(5)));
  expect(program.calls.length).toBeGreaterThan(1);
  expect(program.calls[0]?.path).toContain('sparse');
  expect(estimateProgram(program)).toEqual(countProgram(program));
});

it('what cannot be told without contents is said', () => {
  for (const { kernel } of kernelFamilies.find(({ name }) => name === 'csrSpmv')?.cases(randomSource(1)) ??
    []) {
    expect(() => estimateKernel(kernel)).toThrow(`${kernel.name}: what rowStarts holds has to be known`);
  }
});
