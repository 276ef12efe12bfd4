import { elementCount, type Shape } from '@grim/ir';
import type { Constant } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

function int64(values: readonly number[], shape: Shape): Constant {
  return { kind: 'constant', type: 'int64', shape, data: BigInt64Array.from(values, BigInt) };
}

/** `Shape`: the extents, or since opset 15 those from `start` to `end`. */
export const shapeOf: OperatorImporter = (node) => {
  const { shape } = node.operand(0, 'data');
  const bound = (name: string): number | undefined =>
    node.opset < 15 ? undefined : node.attributes.int(name);
  const part = shape.slice(bound('start') ?? 0, bound('end') ?? shape.length);
  return [int64(part, [part.length])];
};

/** `Size`: the number of elements. */
export const sizeOf: OperatorImporter = (node) => [int64([elementCount(node.operand(0, 'data').shape)], [])];
