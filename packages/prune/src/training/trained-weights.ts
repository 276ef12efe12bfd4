import { accountBytes, type Matrix } from '@grim/bcr';
import { GrimError, type Graph } from '@grim/ir';
import { reasonForDense, selectWeights, type AssignedWeight, type Selection } from '../prune-weights.ts';
import { refuseAs } from '../selection/refuse-as.ts';
import { weightName } from '../selection/weight-use.ts';
import { masked } from './masked.ts';
import { projectionOf, type Pattern, type Projection } from './projection.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingPruneOptions } from './training-options.ts';

/** A parameter that is pruned. */
export interface TrainedWeight {
  /** Name of the parameter and of the constant. */
  readonly name: string;
  /** `layer:operand` of its first use, for messages and the trace. */
  readonly layer: string;
  readonly assigned: AssignedWeight;
  /** The values of the parameter, live. */
  readonly matrix: Matrix;
  /** As assigned; refuses by a `GrimError` that names the layer. */
  readonly project: Projection;
}

/** Selects what options say, as `pruneByMagnitude` does. */
export function selectForTraining(graph: Graph, options: TrainingPruneOptions): Selection {
  // Elements know no blocks, so blocks that do not suit a layer must not be refused for their sake.
  const element = { rows: 1, columns: 1 };
  return selectWeights(graph, options.pattern === 'unstructured' ? { ...options, block: element } : options);
}

/**
 * The parameters of a trainer that a selection means.
 *
 * @throws `GrimError` naming the layer where there is no such parameter, or where one would need two masks.
 */
export function trainedWeights(
  { parameters }: Pick<Trainer<unknown>, 'parameters'>,
  { uses, assigned }: Selection,
  pattern: Pattern,
): TrainedWeight[] {
  return assigned.map((weight): TrainedWeight => {
    const [use] = weight.uses;
    const { rows, columns, value: name } = use;
    const layer = weightName(use);
    const other = uses.find((each) => each.value === name && !weight.uses.includes(each));
    if (other) {
      throw new GrimError(
        `shares its weights ${name} with ${weightName(other)}, which is not to be pruned alike; a parameter is trained with one mask`,
        { layer },
      );
    }
    const values = parameters.get(name)?.data;
    if (!values) throw new GrimError(`its weights ${name} are no parameter of the trainer`, { layer });
    if (values.length !== rows * columns) {
      throw new GrimError(
        `parameter ${name} of the trainer has ${values.length} values, the weights are ${rows}x${columns}`,
        { layer },
      );
    }
    const project = projectionOf(weight.assignment, pattern);
    return {
      name,
      layer,
      assigned: weight,
      matrix: { rows, columns, values },
      project: (matrix, rateOf) => refuseAs(layer, () => project(matrix, rateOf)),
    };
  });
}

/**
 * Projects all weights once, so that what cannot be pruned is refused before training, and finds out for which BCRC would not be
 * smaller than dense storage.
 *
 * @returns Why such weights are better left dense.
 * @throws `GrimError` naming the layer.
 */
export function weightsLeftDense(weights: readonly TrainedWeight[], pattern: Pattern): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { name, matrix, assigned, project } of weights) {
    const mask = project(matrix);
    if (pattern === 'unstructured') continue;
    const bytes = accountBytes({ ...matrix, values: masked(matrix.values, mask) }, assigned.assignment.grid);
    const reason = reasonForDense(bytes);
    if (reason !== undefined) reasons.set(name, reason);
  }
  return reasons;
}
