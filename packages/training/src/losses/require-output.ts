import { GrimError, type Tensor } from '@grim/ir';

/**
 * The output that a loss is about.
 *
 * @param outputs - Outputs of the network by name.
 * @param name - Which one; the only one when it is left out.
 * @throws `GrimError` when there is none of that name, or several to choose from.
 */
export function requireOutput(
  outputs: ReadonlyMap<string, Tensor>,
  name: string | undefined,
): Tensor & { readonly name: string } {
  const [first, ...others] = name === undefined ? outputs.keys() : [name];
  if (first === undefined || others.length > 0) {
    throw new GrimError(`the loss must name one of the outputs ${[...outputs.keys()].join(', ')}`);
  }
  const tensor = outputs.get(first);
  if (!tensor) {
    throw new GrimError(
      `the loss needs output ${first}, but the graph has only ${[...outputs.keys()].join(', ')}`,
    );
  }
  return { ...tensor, name: first };
}
