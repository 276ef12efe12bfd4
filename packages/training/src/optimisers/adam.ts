import { GrimError, zeros, type Tensor } from '@grim/ir';
import type { MakeOptimiser } from './optimiser.ts';

/** Options of {@link adam}. */
export interface AdamOptions {
  /** Decay of the mean of gradients; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root of that mean; 1e-8 by default. */
  readonly epsilon?: number;
  /**
   * Part of each weight that is taken off a step, times the learning rate, beside the gradient (Loshchilov and Hutter 2019,
   * algorithm 2); 0 by default. Vectors (biases, scales) are left out.
   */
  readonly weightDecay?: number;
}

/** Adam (Kingma and Ba 2015, algorithm 1), with decoupled weight decay. */
export function adam(options: AdamOptions = {}): MakeOptimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  for (const [name, beta] of Object.entries({ beta1, beta2 })) {
    if (!(beta >= 0 && beta < 1)) throw new GrimError(`${name} must be at least 0 and below 1, got ${beta}`);
  }
  if (!(epsilon > 0)) throw new GrimError(`epsilon must be above 0, got ${epsilon}`);
  if (!(weightDecay >= 0)) throw new GrimError(`weightDecay must not be negative, got ${weightDecay}`);
  return (parameters) => {
    const count = zeros([]);
    const memory = new Map<string, Tensor>([['adam/steps', count]]);
    const moments = [...parameters].map(([name, parameter]) => {
      const mean = zeros(parameter.shape);
      const square = zeros(parameter.shape);
      memory.set(`adam/mean/${name}`, mean).set(`adam/square/${name}`, square);
      return { name, parameter, mean: mean.data, square: square.data };
    });
    return {
      memory,
      step: (gradients, learningRate) => {
        const steps = (count.data[0] ?? 0) + 1;
        count.data[0] = steps;
        const scale = learningRate / (1 - beta1 ** steps);
        const squareScale = 1 / (1 - beta2 ** steps);
        for (const { name, parameter, mean, square } of moments) {
          const gradient = gradients.get(name);
          if (!gradient) continue;
          const values = parameter.data;
          const kept = parameter.shape.length > 1 ? 1 - learningRate * weightDecay : 1;
          for (let i = 0; i < values.length; i++) {
            const g = gradient[i] ?? 0;
            const m = beta1 * (mean[i] ?? 0) + (1 - beta1) * g;
            const v = beta2 * (square[i] ?? 0) + (1 - beta2) * g * g;
            mean[i] = m;
            square[i] = v;
            values[i] = kept * (values[i] ?? 0) - (scale * m) / (Math.sqrt(v * squareScale) + epsilon);
          }
        }
      },
      reset: () => {
        for (const { data } of memory.values()) data.fill(0);
      },
    };
  };
}
