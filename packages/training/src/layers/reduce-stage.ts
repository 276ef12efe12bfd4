import type { ReduceOperator } from '@grim/ir';
import { differentiated } from './differentiated.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';

/** Maximum, mean, minimum or sum along axes. */
export function reduceStage(site: StageSite, { function: name, axes, keepDims }: ReduceOperator): Stage {
  const { numpy: np } = site.jax;
  const functions = { max: np.max, mean: np.mean, min: np.min, sum: np.sum };
  return differentiated(site, (x) =>
    axes.length === 0 ? present(x) : functions[name](present(x), [...axes], { keepdims: keepDims }),
  );
}
