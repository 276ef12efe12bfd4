import { float, load, loadSplat, loadStrided } from '../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';

/** Floats as a family has them in memory, and as it computes with them. */
export interface Floats {
  /** Bytes of an element in memory. */
  readonly bytes: 2 | 4;
  /** The type of vectors that are computed with, and how many elements they hold. */
  readonly vector: 'f16x8' | 'f32x4';
  readonly lanes: 4 | 8;
  /** The type of one lane. */
  readonly scalar: 'f16' | 'f32';
  /** Bytes of a vector's elements in memory. */
  readonly vectorBytes: 8 | 16;
  /** Set where elements are widened when they are loaded and narrowed when they are stored. */
  readonly memory?: 'f16';
}

const variants = {
  f32: { bytes: 4, vector: 'f32x4', lanes: 4, scalar: 'f32', vectorBytes: 16 },
  f16: { bytes: 2, vector: 'f16x8', lanes: 8, scalar: 'f16', vectorBytes: 16 },
  widened: { bytes: 2, vector: 'f32x4', lanes: 4, scalar: 'f32', vectorBytes: 8, memory: 'f16' },
} as const satisfies Record<string, Floats>;

/** 32-bit floats in memory and in arithmetic. */
export const singleFloats: Floats = variants.f32;

/** Floats that are computed with as they are stored: for sums of products, and wherever one operation makes a result. */
export const floatsOf = (element: ElementType = 'f32'): Floats => variants[element];

/**
 * Floats that are computed with as 32-bit floats, whatever their elements are: for sums of many terms, for series, and for chains of
 * operations whose intermediate results may leave the range of halves. Halves are rounded once, when they are stored.
 */
export const wideFloatsOf = (element: ElementType = 'f32'): Floats =>
  element === 'f16' ? variants.widened : variants.f32;

/** Whether elements are halves, for names of kernels. */
export const hasHalves = ({ element }: { readonly element?: ElementType }): boolean => element === 'f16';

/** A constant in all lanes. */
export const constantOf = ({ vector }: Floats, value: number): Expression => float(value, vector);

/** Consecutive elements, one per lane. */
export const loadVector = (
  { vector, memory }: Floats,
  buffer: string,
  address: Expression,
  offset = 0,
): Expression => load(vector, buffer, address, offset, memory);

/** One element. */
export const loadScalar = (
  { scalar, memory }: Floats,
  buffer: string,
  address: Expression,
  offset = 0,
): Expression => load(scalar, buffer, address, offset, memory);

/** One element in all lanes. */
export const splatElement = (
  { vector, memory }: Floats,
  buffer: string,
  address: Expression,
  offset = 0,
): Expression => loadSplat(buffer, address, offset, vector, memory);

/** `count` elements, all lanes unless told otherwise, `stride` bytes apart. */
export const loadApart = (
  { vector, memory }: Floats,
  buffer: string,
  address: Expression,
  offset: number,
  stride: number,
  count?: number,
): Expression => loadStrided(buffer, address, offset, stride, count, vector, memory);

/** Stores a scalar or a vector. */
export const storeFloats = (
  { memory }: Floats,
  builder: KernelBuilder,
  buffer: string,
  address: Expression,
  offset: number,
  value: Expression,
): void => {
  builder.store(buffer, address, offset, value, memory);
};
