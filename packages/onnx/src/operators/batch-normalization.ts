import { formatShape, GrimError } from '@grim/ir';
import { isFloat, type FloatConstant } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

/**
 * `BatchNormalization` at inference: `(x − mean) / √(var + ε) · scale + B` as a factor and an offset per channel, which
 * later move into a convolution in front of it.
 */
export const batchNormalization: OperatorImporter = (node) => {
  const { attributes } = node;
  attributes.ignore('momentum');
  const epsilon = attributes.float('epsilon') ?? 1e-5;
  if (!(node.opset < 9 ? attributes.flag('spatial', true) : true)) {
    throw new GrimError('statistics per activation (spatial = 0) are not supported');
  }
  // Before there was an attribute for it, asking for the statistics meant training.
  const training =
    node.opset < 14
      ? node.outputs.slice(1).some((name) => name !== '')
      : attributes.flag('training_mode', false);
  if (training) {
    throw new GrimError('training mode is not supported');
  }
  const x = node.operand(0, 'X');
  const channels = x.shape[1];
  const read = (position: number, label: string): FloatConstant['data'] => {
    const constant = node.constant(position, label);
    if (!isFloat(constant) || constant.shape.length !== 1 || constant.shape[0] !== channels) {
      throw new GrimError(
        `operand ${label} must have one number per channel of ${formatShape(x.shape)}, got ${formatShape(constant.shape)}`,
      );
    }
    return constant.data;
  };
  const [scale, bias] = [read(1, 'scale'), read(2, 'B')];
  const [mean, variance] = [read(3, 'mean'), read(4, 'var')];
  const factor = Float64Array.from(
    scale,
    (value, channel) => value / Math.sqrt((variance[channel] ?? 0) + epsilon),
  );
  const offset = Float64Array.from(
    bias,
    (value, channel) => value - (mean[channel] ?? 0) * (factor[channel] ?? 0),
  );
  const shape = [channels ?? 1, ...x.shape.slice(2).map(() => 1)];
  const perChannel = (data: Float64Array, name: string): FloatConstant => ({
    kind: 'constant',
    type: 'float',
    shape,
    data: Float32Array.from(data),
    name: `${node.name}/${name}`,
  });
  const scaled = node.apply({ kind: 'binary', function: 'mul' }, [x, perChannel(factor, 'factor')], {
    values: [],
  });
  return [
    node.apply({ kind: 'binary', function: 'add' }, [scaled, perChannel(offset, 'offset')], {
      part: 'add',
      values: node.outputs,
    }),
  ];
};
