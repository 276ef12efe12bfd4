import { GrimError, zeros, type Tensor } from '@grim/ir';
import type { MakeOptimiser } from './optimiser.ts';

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Part of the last step that is done again; 0 by default. */
  readonly momentum?: number;
  /** Looks ahead by the momentum (Sutskever et al. 2013, §2); off by default. */
  readonly nesterov?: boolean;
  /** Times the weight added to its gradient; 0 by default. Vectors (biases, scales) are left out. */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent: `v ← μ·v + g`, `w ← w − η·v`, or with Nesterov's momentum `w ← w − η·(g + μ·v)`. */
export function sgd(options: SgdOptions = {}): MakeOptimiser {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  if (!(momentum >= 0 && momentum < 1)) {
    throw new GrimError(`momentum must be at least 0 and below 1, got ${momentum}`);
  }
  if (!(weightDecay >= 0)) throw new GrimError(`weightDecay must not be negative, got ${weightDecay}`);
  return (parameters) => {
    const memory = new Map<string, Tensor>();
    const velocities = [...parameters].map(([name, parameter]) => {
      const velocity = zeros(parameter.shape);
      memory.set(`sgd/velocity/${name}`, velocity);
      return { name, parameter, velocity: velocity.data };
    });
    return {
      memory,
      step: (gradients, learningRate) => {
        for (const { name, parameter, velocity } of velocities) {
          const gradient = gradients.get(name);
          if (!gradient) continue;
          const values = parameter.data;
          const decay = parameter.shape.length > 1 ? weightDecay : 0;
          for (let i = 0; i < values.length; i++) {
            const weight = values[i] ?? 0;
            const g = (gradient[i] ?? 0) + decay * weight;
            const v = momentum * (velocity[i] ?? 0) + g;
            velocity[i] = v;
            values[i] = weight - learningRate * (nesterov ? g + momentum * v : v);
          }
        }
      },
      reset: () => {
        for (const velocity of velocities) velocity.velocity.fill(0);
      },
    };
  };
}
