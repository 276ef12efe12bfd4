import { describe, expect, it } from 'vitest';

import {
  estimateKernel,
  interpretKernel,
  kernelFamilies,
  type Expression,
  type InterpreterObserver,
  type KernelCase,
  type KernelEstimate,
} from '../src/index.ts';
import { randomSource } from './support/random-source.ts';

const isFloat = (type: Expression['type']): boolean => type === 'f32' || type === 'f32x4';
const lanesOf = (type: Expression['type']): number => (type.endsWith('x4') ? 4 : 1);

/** Counts by running the kernel and listening: every turn of every loop, every address. */
function countWhileInterpreting({ kernel, buffers }: KernelCase): KernelEstimate {
  const counts = { multiplyAdds: 0, otherOperations: 0, transcendentals: 0 };
  const traffic = new Map(
    kernel.buffers.map(({ name }) => [name, { loadedBytes: 0, storedBytes: 0, touched: new Set<number>() }]),
  );
  const access =
    (kind: 'loadedBytes' | 'storedBytes') =>
    (buffer: string, address: number, bytes: number): void => {
      const found = traffic.get(buffer);
      if (!found) throw new Error(`no buffer ${buffer}`);
      found[kind] += bytes;
      for (let byte = 0; byte < bytes; byte++) found.touched.add(address + byte);
    };
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
    loaded: access('loadedBytes'),
    stored: access('storedBytes'),
  };
  const band = 64;
  const pointers = Object.fromEntries(
    Object.entries(buffers).map(([name, contents]) => {
      const memory = new Uint8Array(contents.byteLength + 2 * band);
      memory.set(new Uint8Array(contents.buffer, contents.byteOffset, contents.byteLength), band);
      return [name, { memory, offset: band }];
    }),
  );
  interpretKernel(kernel, pointers, observer);
  return {
    ...counts,
    buffers: Object.fromEntries(
      [...traffic].map(([name, { touched, ...bytes }]) => [name, { ...bytes, touchedBytes: touched.size }]),
    ),
  };
}

describe('estimates are what the interpreter does, over all cases of every family', () => {
  for (const family of kernelFamilies) {
    it(family.name, () => {
      for (const kernelCase of family.cases(randomSource(1))) {
        const { kernel, buffers, name } = kernelCase;
        expect(estimateKernel(kernel, buffers), `${name} (${kernel.name})`).toEqual(
          countWhileInterpreting(kernelCase),
        );
      }
    });
  }
});
