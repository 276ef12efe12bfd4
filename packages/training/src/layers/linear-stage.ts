import { elementCount } from '@grim/ir';
import { borrowing } from '../jax/borrowing.ts';
import type { JaxArray } from '../jax/load-jax.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';

/** The product of a linear layer, without its activation: `y [..., M] = x [..., K] · weights [M, K]ᵀ + bias [M]`. */
export function linearStage(site: StageSite): Stage {
  const { numpy: np } = site.jax;
  const xShape = [...present(site.inputShapes[0])];
  const [rows = 0, columns = 0] = present(site.inputShapes[1]);
  const outputShape = [...present(site.outputShapes[0])];
  const [wantsX = false, wantsWeights = false, wantsBias = false] = site.wanted;
  const vectors = elementCount(xShape) / columns;
  const forward = borrowing(site.jax, (x: JaxArray, weights: JaxArray, ...bias: JaxArray[]) => {
    const product = np.matmul(x.reshape([vectors, columns]), np.transpose(weights));
    return [bias.reduce((sum, shift) => sum.add(shift), product).reshape(outputShape)] as const;
  });
  const byX = borrowing(site.jax, (cotangent: JaxArray, weights: JaxArray) => [
    np.matmul(cotangent.reshape([vectors, rows]), weights).reshape(xShape),
  ]);
  const byWeights = borrowing(site.jax, (cotangent: JaxArray, x: JaxArray) => [
    np.matmul(np.transpose(cotangent.reshape([vectors, rows])), x.reshape([vectors, columns])),
  ]);
  const byBias = borrowing(site.jax, (cotangent: JaxArray) => [
    np.sum(cotangent.reshape([vectors, rows]), 0),
  ]);
  return (operands) => {
    const x = present(operands[0]);
    const weights = present(operands[1]);
    const bias = operands[2] ?? null;
    return Promise.resolve({
      outputs: forward(x, weights, ...(bias ? [bias] : [])),
      pullBack: ([cotangent]) =>
        Promise.resolve(
          cotangent
            ? [
                wantsX ? present(byX(cotangent, weights)[0]) : null,
                wantsWeights ? present(byWeights(cotangent, x)[0]) : null,
                wantsBias && bias ? present(byBias(cotangent)[0]) : null,
              ]
            : [null, null, null],
        ),
      release: () => undefined,
    });
  };
}
