import { elementCount } from '@grim/ir';

import { layerNorm } from '../families/layer-norm.ts';
import { operand, result, type LoweringContext, type NodeOf } from './lowering-context.ts';

/** A normalisation over trailing axes; operands are copied where they are not dense, the result is. */
export function lowerLayerNorm(context: LoweringContext, node: NodeOf<'layerNorm'>): void {
  const { axis, epsilon } = node.op;
  const value = result(node);
  const source = context.dense(context.view(operand(node, 0)));
  const scale = context.dense(context.view(operand(node, 1)));
  const biasName = node.inputs[2];
  const bias = biasName ? [context.dense(context.view(biasName))] : [];
  const target = context.allocate(source.shape);
  const extent = elementCount(source.shape.slice(axis));
  context.call(
    layerNorm,
    {
      element: context.element,
      rows: elementCount(source.shape.slice(0, axis)),
      extent,
      inputStep: extent * context.floats.bytes,
      outputStep: extent * context.floats.bytes,
      epsilon,
      bias: bias.length > 0,
    },
    [source, scale, ...bias, target],
    { path: 'layer normalisation' },
  );
  context.bind(value, target);
}
