import { add, integer, load, multiply } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { emitActivation } from '../../math/activation.ts';
import { constantOf, loadVector, splatElement } from '../floats.ts';
import type { SpmmProblem } from './spmm-problem.ts';
import type { Strip } from './strip.ts';
import { storePixels, type Tile } from './tiles.ts';

/** Bytes from the first sum of a strip to that of a row and a vector of 128 bits, under a tile of so many vectors. */
export const sumPlace = (row: number, vector: number, vectors: number): number =>
  (row * vectors + vector) * 16;

/** Byte offset of the channel of a row of a strip in the output: what the strip begins with. */
export const stripOutput = ({ start }: Pick<Strip, 'start'>, row: number): Expression =>
  load('i32', 'stream', start, 4 * row);

/** Starts the sums of a strip, at `address` of the scratch memory, with the bias of their rows. */
export function startSums(
  builder: KernelBuilder,
  { bias }: Pick<SpmmProblem, 'bias'>,
  { firstRow, rows }: Pick<Strip, 'firstRow' | 'rows'>,
  address: Expression,
  { input, vectors }: Pick<Tile, 'input' | 'vectors'>,
): void {
  const { floats } = input;
  for (let row = 0; row < rows; row++) {
    const biasByte = multiply(add(firstRow, integer(row)), integer(floats.bytes));
    const start = bias ? builder.declare('b', splatElement(floats, 'bias', biasByte)) : constantOf(floats, 0);
    vectors.forEach((_, vector) => {
      builder.store('scratch', address, sumPlace(row, vector, vectors.length), start);
    });
  }
}

/** Writes the sums of a strip to its rows of the output. */
export function finishSums(
  builder: KernelBuilder,
  { activation }: Pick<SpmmProblem, 'activation'>,
  strip: Pick<Strip, 'start' | 'rows'>,
  address: Expression,
  { input, target, vectors }: Pick<Tile, 'input' | 'target' | 'vectors'>,
): void {
  const { floats } = input;
  for (let row = 0; row < strip.rows; row++) {
    const place = builder.declare('target', add(target, stripOutput(strip, row)));
    vectors.forEach((vector, index) => {
      const sum = loadVector(floats, 'scratch', address, sumPlace(row, index, vectors.length));
      storePixels(builder, floats, vector, place, emitActivation(builder, activation, sum));
    });
  }
}
