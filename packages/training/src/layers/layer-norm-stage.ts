import { elementCount, type LayerNormOperator } from '@grim/ir';
import { differentiated } from './differentiated.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';

/** `(x − mean) / √(variance + ε) · scale + bias` over trailing axes. */
export function layerNormStage(site: StageSite, { axis, epsilon }: LayerNormOperator): Stage {
  const { numpy: np } = site.jax;
  const shape = [...present(site.inputShapes[0])];
  const inner = elementCount(shape.slice(axis));
  const rows = elementCount(shape) / inner;
  return differentiated(site, (x, scale, ...bias) => {
    const flat = present(x).reshape([rows, inner]);
    const mean = np.mean(flat.ref, 1, { keepdims: true });
    const centred = flat.sub(mean);
    const variance = np.mean(np.square(centred.ref), 1, { keepdims: true });
    const normalised = centred.mul(np.reciprocal(np.sqrt(variance.add(epsilon))));
    const scaled = normalised.mul(present(scale).reshape([1, inner]));
    return bias.reduce((sum, shift) => sum.add(shift.reshape([1, inner])), scaled).reshape(shape);
  });
}
