import type { BinaryFunction } from '@grim/ir';
import type { Jax, JaxArray } from '../jax/load-jax.ts';
import { differentiated } from './differentiated.ts';
import { present } from './present.ts';
import { powerStage } from './power-stage.ts';
import type { Stage, StageSite } from './stage.ts';

function apply(jax: Jax, name: Exclude<BinaryFunction, 'pow'>, a: JaxArray, b: JaxArray): JaxArray {
  const { numpy: np } = jax;
  switch (name) {
    case 'add':
      return a.add(b);
    case 'div':
      return a.div(b);
    case 'max':
      return np.maximum(a, b);
    case 'min':
      return np.minimum(a, b);
    case 'mul':
      return a.mul(b);
    case 'sub':
      return a.sub(b);
  }
}

/** An elementwise function of two operands that broadcast, without its activation. */
export function binaryStage(site: StageSite, name: BinaryFunction): Stage {
  if (name === 'pow') return powerStage(site);
  return differentiated(site, (a, b) => apply(site.jax, name, present(a), present(b)));
}
