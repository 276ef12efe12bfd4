import { applyMask } from '@grim/bcr';
import { chooseByMask, type AssignedWeight, type ChosenWeights } from '../prune-weights.ts';
import { projectWeights } from '../project-weights.ts';
import { refuseAs } from '../selection/refuse-as.ts';
import { weightName } from '../selection/weight-use.ts';

/**
 * What of a weight is strongest, its values as they were.
 *
 * @throws `GrimError` naming the layer where `projectMagnitude` throws.
 */
export function chooseByMagnitude({ uses: [use], matrix, assignment }: AssignedWeight): ChosenWeights {
  const mask = refuseAs(weightName(use), () => projectWeights(matrix, assignment));
  return chooseByMask(matrix, mask, applyMask(matrix, mask).values);
}
