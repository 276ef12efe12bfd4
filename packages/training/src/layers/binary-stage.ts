import type { BinaryFunction } from '@grim/ir';
import type { Jax, JaxArray } from '../jax/load-jax.ts';
import { differentiated } from './differentiated.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';

function apply(jax: Jax, name: BinaryFunction, a: JaxArray, b: JaxArray): JaxArray {
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
    case 'pow':
      return np.power(a, b);
    case 'sub':
      return a.sub(b);
  }
}

/** An elementwise function of two operands that broadcast, without its activation. */
export function binaryStage(site: StageSite, name: BinaryFunction): Stage {
  return differentiated(site, (a, b) => apply(site.jax, name, present(a), present(b)));
}
