import { elementCount, formatShape, GrimError, type Shape } from '@grim/ir';

/**
 * Refuses derivatives that are not those of the outputs of a network.
 *
 * @param derivatives - Of a loss, by name of the output.
 * @param outputs - Shape of each output of a batch.
 * @throws `GrimError` naming the output when there is no such, or it has another number of elements, and when there is none at all.
 */
export function requireDerivatives(
  derivatives: ReadonlyMap<string, Float32Array>,
  outputs: ReadonlyMap<string, Shape>,
): void {
  const names = [...outputs.keys()].join(', ');
  if (derivatives.size === 0)
    throw new GrimError(`the loss gives no derivative by any of the outputs ${names}`);
  for (const [name, { length }] of derivatives) {
    const shape = outputs.get(name);
    if (!shape) {
      throw new GrimError(`the loss gives a derivative by ${name}, but the graph has only outputs ${names}`);
    }
    if (length !== elementCount(shape)) {
      throw new GrimError(
        `the loss gives ${length} derivative(s) by output ${name} ${formatShape(shape)}, expected ${elementCount(shape)}`,
      );
    }
  }
}
