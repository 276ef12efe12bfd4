import { formatShape, GrimError, type Tensor } from '@grim/ir';

/**
 * Refuses a step that would spoil the parameters, before anything of it is done.
 *
 * @param parameters - By name.
 * @param gradients - By name of the parameter; those of others do not matter.
 * @param learningRate - Length of the step.
 * @throws `GrimError` when the learning rate is not finite, or naming a gradient of another number of elements.
 */
export function requireStep(
  parameters: ReadonlyMap<string, Tensor>,
  gradients: ReadonlyMap<string, Float32Array>,
  learningRate: number,
): void {
  if (!Number.isFinite(learningRate)) {
    throw new GrimError(`the learning rate must be a finite number, got ${learningRate}`);
  }
  for (const [name, { shape, data }] of parameters) {
    const gradient = gradients.get(name);
    if (!gradient || gradient.length === data.length) continue;
    throw new GrimError(
      `the gradient of ${name} ${formatShape(shape)} has ${gradient.length} value(s), expected ${data.length}`,
    );
  }
}
