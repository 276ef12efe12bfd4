import { elementCount, GrimError, formatShape, type Shape } from '@grim/ir';

/** Where the examples are in a value. */
export interface BatchPosition {
  readonly axis: number;
  /** Extent of what a reshape has merged into the axis before the examples; 1 where it has not. */
  readonly before: number;
  /** The same behind them. */
  readonly after: number;
}

/** Position on an axis that counts nothing but examples. */
export function onAxis(axis: number): BatchPosition {
  return { axis, before: 1, after: 1 };
}

/** Whether the axis counts nothing but examples. */
export function isWhole({ before, after }: BatchPosition): boolean {
  return before === 1 && after === 1;
}

export function samePosition(a: BatchPosition, b: BatchPosition): boolean {
  return a.axis === b.axis && a.before === b.before && a.after === b.after;
}

/**
 * Where a single example could be in a value: axes of extent 1 first, then merged into the others, before or behind what they count.
 */
export function possiblePositions(shape: Shape): BatchPosition[] {
  const axes = [...shape.entries()];
  return [
    ...axes.flatMap(([axis, extent]) => (extent === 1 ? [onAxis(axis)] : [])),
    ...axes.flatMap(([axis, extent]) =>
      extent === 1
        ? []
        : [
            { axis, before: 1, after: extent },
            { axis, before: extent, after: 1 },
          ],
    ),
  ];
}

/** How many parts of each example lie before its part for the first index: the extents before the examples, in a row-major value. */
export function partsBefore(shape: Shape, { axis, before }: BatchPosition): number {
  return elementCount(shape.slice(0, axis)) * before;
}

/**
 * Where the examples are after a reshape, which leaves the order of the elements as it is; `undefined` where they do not stay together.
 *
 * Of several axes that would do, all of extent 1, the one at the old place is taken; what follows has the same elements in the
 * same order either way.
 *
 * @param from - Shape before, with `examples` examples.
 * @param position - Where they are in it.
 * @param to - Shape after, with as many.
 * @param examples - How many examples there are.
 */
export function findReshapePosition(
  from: Shape,
  position: BatchPosition,
  to: Shape,
  examples: number,
): BatchPosition | undefined {
  const outer = partsBefore(from, position);
  const candidates = to.flatMap((extent, axis): BatchPosition[] => {
    const before = outer / elementCount(to.slice(0, axis));
    const after = extent / (before * examples);
    return before >= 1 && Number.isInteger(before) && Number.isInteger(after) && after >= 1
      ? [{ axis, before, after }]
      : [];
  });
  const whole = candidates.filter(isWhole);
  return whole.find(({ axis }) => axis === position.axis) ?? whole[0] ?? candidates[0];
}

/** {@link findReshapePosition}, or a `GrimError` when the examples do not stay together. */
export function reshapePosition(
  from: Shape,
  position: BatchPosition,
  to: Shape,
  examples: number,
): BatchPosition {
  const found = findReshapePosition(from, position, to, examples);
  if (!found) {
    throw new GrimError(
      `the reshape from ${formatShape(from)} to ${formatShape(to)} takes examples of a batch apart`,
    );
  }
  return found;
}
