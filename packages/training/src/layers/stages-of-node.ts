import { GrimError, type Activation, type Node, type Operator } from '@grim/ir';
import { borrowing } from '../jax/borrowing.ts';
import type { JaxArray } from '../jax/load-jax.ts';
import { activate, hasSlopeFromValue, slopeFromValue } from './activation.ts';
import { binaryStage } from './binary-stage.ts';
import { convStage } from './conv-stage.ts';
import { differentiated } from './differentiated.ts';
import { layerNormStage } from './layer-norm-stage.ts';
import { linearStage } from './linear-stage.ts';
import { poolStage } from './pool-stage.ts';
import { present } from './present.ts';
import { gruCell } from './recurrent/gru-cell.ts';
import { lstmCell } from './recurrent/lstm-cell.ts';
import { recurrentStage } from './recurrent/recurrent-stage.ts';
import { reduceStage } from './reduce-stage.ts';
import { padStage } from './shapes/pad-stage.ts';
import { sliceStage } from './shapes/slice-stage.ts';
import type { Stage, StageSite } from './stage.ts';

/** Makes the stage of a site. */
export type MakeStage = (site: StageSite) => Stage;

/** How a node is computed: its operator without the activation, and the activation. */
export interface NodeStages {
  readonly operator: MakeStage;
  readonly activation?: MakeStage;
}

/** The stage of an activation: backwards from its value where that tells the derivative. */
export function activationStage(activation: Activation): MakeStage {
  return (site) => {
    const { jax } = site;
    if (!hasSlopeFromValue(activation))
      return differentiated(site, (x) => activate(jax, activation, present(x)));
    const forward = borrowing(jax, (x: JaxArray) => [activate(jax, activation, x)] as const);
    const backward = borrowing(
      jax,
      (cotangent: JaxArray, y: JaxArray) =>
        [cotangent.mul(present(slopeFromValue(jax, activation, y)))] as const,
    );
    return ([x]) => {
      const [y] = forward(present(x));
      const kept = y.ref;
      return Promise.resolve({
        outputs: [y],
        pullBack: ([cotangent]) => Promise.resolve([cotangent ? backward(cotangent, kept)[0] : null]),
        release: () => {
          kept.dispose();
        },
      });
    };
  };
}

function operatorStage(op: Operator): MakeStage {
  switch (op.kind) {
    case 'linear':
      return linearStage;
    case 'conv':
      return (site) => convStage(site, op);
    case 'pool':
      return (site) => poolStage(site, op);
    case 'gru': {
      const cell = gruCell(op);
      return (site) => recurrentStage(site, op.direction, cell, { wBias: 3, rBias: 4, states: [5] });
    }
    case 'binary':
      return (site) => binaryStage(site, op.function);
    case 'unary':
      return activationStage(op.activation);
    case 'reshape':
      return (site) => differentiated(site, (x) => present(x).reshape([...op.shape]));
    case 'transpose':
      return (site) => differentiated(site, (x) => site.jax.numpy.transpose(present(x), [...op.permutation]));
    case 'slice':
      return (site) => sliceStage(site, op);
    case 'pad':
      return (site) => padStage(site, op);
    case 'concat':
      return (site) => differentiated(site, (...parts) => site.jax.numpy.concatenate(parts, op.axis));
    case 'softmax':
      return (site) => differentiated(site, (x) => site.jax.nn.softmax(present(x), op.axis));
    case 'reduce':
      return (site) => reduceStage(site, op);
    case 'layerNorm':
      return (site) => layerNormStage(site, op);
    case 'lstm': {
      const cell = lstmCell(op);
      return (site) => recurrentStage(site, op.direction, cell, { wBias: 3, states: [4, 5] });
    }
    case 'custom':
    case 'foldWindows':
    case 'resize':
      throw new GrimError(`${op.kind} cannot be trained`);
  }
}

/**
 * How a node is computed forwards and backwards.
 *
 * @throws `GrimError` naming the layer when its operator cannot be trained.
 */
export function stagesOfNode({ name, op }: Node): NodeStages {
  const activation = 'activation' in op && op.kind !== 'unary' ? op.activation : undefined;
  try {
    return { operator: operatorStage(op), ...(activation && { activation: activationStage(activation) }) };
  } catch (error) {
    throw error instanceof GrimError ? error.within({ layer: name }) : error;
  }
}
