import { elementCount } from '@grim/ir';
import { seededRandom } from '../data/random.ts';
import { borrowing } from '../jax/borrowing.ts';
import type { JaxArray } from '../jax/load-jax.ts';
import { upload } from '../jax/transfer.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';

/**
 * Dropout: in training, elements are zeros at a rate and the others larger by as much (Srivastava et al. 2014, with the scale where
 * it costs nothing in use).
 *
 * @param site - Where it is.
 * @param rate - Part of the elements that become zeros, below 1.
 * @param seed - Gives the seed of each pass.
 */
export function dropoutStage(site: StageSite, rate: number, seed: () => number): Stage {
  const shape = present(site.inputShapes[0]);
  const multiply = borrowing(site.jax, (x: JaxArray, mask: JaxArray) => [x.mul(mask)] as const);
  return ([operand], mode) => {
    const x = present(operand);
    if (mode === 'use') {
      return Promise.resolve({
        outputs: [x.ref],
        pullBack: ([cotangent]) => Promise.resolve([cotangent?.ref ?? null]),
        release: () => undefined,
      });
    }
    const random = seededRandom(seed());
    const kept = 1 / (1 - rate);
    const values = Float32Array.from({ length: elementCount(shape) }, () =>
      random.next() < rate ? 0 : kept,
    );
    const mask = upload(site.jax, values, shape);
    return Promise.resolve({
      outputs: multiply(x, mask),
      pullBack: ([cotangent]) => Promise.resolve([cotangent ? multiply(cotangent, mask)[0] : null]),
      release: () => {
        mask.dispose();
      },
    });
  };
}
