import { GrimError } from '@grim/ir';

import { errorName } from './error-names.ts';
import { openclLibrary, type OpenclLibrary } from './opencl-library.ts';

/** An object of OpenCL. */
export type Handle = bigint;

const failure = (name: keyof OpenclLibrary, code: number): GrimError =>
  new GrimError(`OpenCL: ${name} gives ${errorName(code)}`);

/**
 * Calls a function that returns a status.
 *
 * @throws GrimError naming the function and the error.
 */
export function check(name: keyof OpenclLibrary, ...operands: unknown[]): void {
  const status = Number(openclLibrary()[name](...operands));
  if (status !== 0) throw failure(name, status);
}

/**
 * Calls a function that makes an object and writes its status to a last operand, which is added here.
 *
 * @throws GrimError naming the function and the error.
 */
export function create(name: keyof OpenclLibrary, ...operands: unknown[]): Handle {
  const status = new Int32Array(1);
  const handle = openclLibrary()[name](...operands, status);
  if (status[0] !== 0) throw failure(name, status[0] ?? 0);
  return BigInt(handle as bigint | number);
}

/** Bytes that a function gives, which is asked for their number first. Its last operands are a size, the bytes and their number. */
export function information(name: keyof OpenclLibrary, ...operands: unknown[]): Uint8Array {
  const size = new BigUint64Array(1);
  check(name, ...operands, 0, null, size);
  const bytes = new Uint8Array(Number(size[0] ?? 0n));
  check(name, ...operands, bytes.length, bytes, null);
  return bytes;
}
