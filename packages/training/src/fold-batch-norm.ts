import type { Graph, Node, Tensor } from '@grim/ir';
import type { BatchNorm } from './extras.ts';
import { batchNormEpsilon } from './layers/batch-norm-stage.ts';

/**
 * A graph whose layers do what they did with batch norm in use: `w' = w · γ/√(σ² + ε)` for each output channel, and
 * `b' = β + (b − μ) · γ/√(σ² + ε)`. Zeros of weights stay zeros.
 *
 * @param graph - The network with the weights of training.
 * @param batchNorms - Batch norm by layer.
 * @param parameters - Scales and shifts by name, one value for each channel.
 */
export function foldBatchNorm(
  graph: Graph,
  batchNorms: ReadonlyMap<string, BatchNorm>,
  parameters: ReadonlyMap<string, Tensor>,
): Graph {
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.map((node): Node => {
    const batchNorm = batchNorms.get(node.name);
    const [x, weights, bias] = node.inputs;
    const tensor = constants.get(weights ?? '');
    if (!batchNorm || !tensor || x === undefined || weights === undefined) return node;
    const gamma = parameters.get(batchNorm.gamma)?.data ?? [];
    const beta = parameters.get(batchNorm.beta)?.data ?? [];
    const { mean, variance } = batchNorm.running;
    const channels = mean.data.length;
    const scales = mean.data.map(
      (_, channel) => (gamma[channel] ?? 1) / Math.sqrt((variance.data[channel] ?? 1) + batchNormEpsilon),
    );
    const perChannel = tensor.data.length / channels;
    constants.set(weights ?? '', {
      shape: tensor.shape,
      data: tensor.data.map((value, index) => value * (scales[Math.floor(index / perChannel)] ?? 1)),
    });
    const before = constants.get(bias ?? '')?.data;
    const after = scales.map(
      (scale, channel) =>
        (beta[channel] ?? 0) + ((before?.[channel] ?? 0) - (mean.data[channel] ?? 0)) * scale,
    );
    const name = bias ?? `${node.name}/bias of batch norm`;
    constants.set(name, { shape: [channels], data: after });
    return { ...node, inputs: [x, weights, name] };
  });
  return { ...graph, nodes, constants };
}
