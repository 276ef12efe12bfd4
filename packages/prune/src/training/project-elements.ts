import type { Matrix } from '@grim/bcr';

/**
 * Keeps the largest elements of each band of rows; of equal ones the first.
 *
 * @param matrix - Finite weights, `rows × columns`.
 * @param rates - Elements divided by elements kept, for each of as many equal bands from top to bottom.
 * @returns 1 or 0 for each element.
 * @throws RangeError when a weight is not finite or a rate would leave nothing.
 */
export function projectElements({ values, columns }: Matrix, rates: readonly number[]): Uint8Array {
  const kept = new Uint8Array(values.length);
  const length = values.length / rates.length;
  for (const [band, rate] of rates.entries()) {
    const count = Math.round(length / rate);
    if (count < 1) throw new RangeError(`${length} elements cannot be pruned ${rate}x`);
    const magnitudes = values.subarray(band * length, (band + 1) * length).map(Math.abs);
    const infinite = magnitudes.findIndex((magnitude) => !Number.isFinite(magnitude));
    if (infinite >= 0) {
      const index = band * length + infinite;
      throw new RangeError(
        `the weight in row ${Math.floor(index / columns)}, column ${index % columns} is ${values[index] ?? NaN}`,
      );
    }
    const threshold = magnitudes.toSorted()[length - count] ?? 0;
    let left = count;
    for (const magnitude of magnitudes) if (magnitude > threshold) left--;
    for (const [index, magnitude] of magnitudes.entries()) {
      if (magnitude < threshold || (magnitude === threshold && left-- <= 0)) continue;
      kept[band * length + index] = 1;
    }
  }
  return kept;
}
