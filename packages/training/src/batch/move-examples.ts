import { elementCount, sameShape, type Node, type Operator, type Shape } from '@grim/ir';
import { partsBefore, type BatchPosition } from './batch-position.ts';

/** A value of a batch. */
export interface BatchedValue {
  readonly value: string;
  /** Its shape with one example. */
  readonly shape: Shape;
  readonly position: BatchPosition;
}

/**
 * Nodes that put the examples of a value elsewhere. Each example keeps its values in their order; its shape may be another.
 *
 * @param from - Where they are.
 * @param to - Where they come, under a name that the nodes have too, with numbers where there are several.
 * @param size - Examples in a batch.
 * @returns The nodes in their order; none where both are the same.
 */
export function moveExamples(from: BatchedValue, to: BatchedValue, size: number): Node[] {
  const shapeOf = ({ shape, position }: BatchedValue): Shape =>
    shape.map((extent, axis) => (axis === position.axis ? extent * size : extent));
  const steps: Operator[] = [];
  let current = shapeOf(from);
  const reshape = (shape: Shape): void => {
    if (!sameShape(current, shape)) steps.push({ kind: 'reshape', shape });
    current = shape;
  };
  /** As a stack of matrices, each transposed. */
  const swap = (rows: number, columns: number): void => {
    reshape([rows, columns, elementCount(current) / (rows * columns)]);
    steps.push({ kind: 'transpose', permutation: [1, 0, 2] });
    current = [columns, rows, ...current.slice(2)];
  };
  const [before, after] = [partsBefore(from.shape, from.position), partsBefore(to.shape, to.position)];
  if (before !== after) {
    if (before !== 1) swap(before, size);
    if (after !== 1) swap(size, after);
  }
  reshape(shapeOf(to));
  let value = from.value;
  return steps.map((op, index) => {
    const name = index === steps.length - 1 ? to.value : `${to.value}/${index + 1}`;
    const node: Node = { name, op, inputs: [value], outputs: [name] };
    value = name;
    return node;
  });
}
