import { elementCount, type ConvOperator } from '@grim/ir';
import { download, upload } from '../jax/transfer.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';
import { makeConvolution } from './window/convolution.ts';
import { windowPlane } from './window/window-plane.ts';

/** A convolution without its activation; see {@link makeConvolution} for how it is computed. */
export function convStage(site: StageSite, op: ConvOperator): Stage {
  const { jax } = site;
  const xShape = present(site.inputShapes[0]);
  const weightShape = present(site.inputShapes[1]);
  const outputShape = present(site.outputShapes[0]);
  const [wantsX = false, wantsWeights = false, wantsBias = false] = site.wanted;
  const [batch = 0, channels = 0, ...spatial] = xShape;
  const [filters = 0, , ...kernel] = weightShape;
  const plane = windowPlane(op, spatial, kernel, outputShape.slice(2));
  let making: ReturnType<typeof makeConvolution> | undefined;

  /** Derivative by the number that was added to each filter: the sum over its images. */
  const byShifts = (cotangent: Float32Array): Float32Array => {
    const pixels = elementCount(outputShape.slice(2));
    const sums = new Float64Array(filters);
    let at = 0;
    for (let image = 0; image < batch; image++) {
      for (let filter = 0; filter < filters; filter++) {
        let sum = 0;
        for (const end = at + pixels; at < end; at++) sum += cotangent[at] ?? 0;
        sums[filter] = (sums[filter] ?? 0) + sum;
      }
    }
    return Float32Array.from(sums);
  };

  return async (operands) => {
    const x = present(operands[0]);
    const weights = present(operands[1]);
    const bias = operands[2] ?? null;
    const convolution = await (making ??= makeConvolution({
      plane,
      batch,
      channels,
      filters,
      groups: op.groups,
    }));
    const [images, w] = [await download(x.ref), await download(weights.ref)];
    const shifts = bias ? await download(bias.ref) : undefined;
    return {
      outputs: [upload(jax, convolution.forward(images, w, shifts), outputShape)],
      pullBack: async ([cotangent]) => {
        if (!cotangent) return [null, null, null];
        const derivative = await download(cotangent.ref);
        return [
          wantsX ? upload(jax, convolution.byImages(derivative, w), xShape) : null,
          wantsWeights ? upload(jax, convolution.byWeights(derivative, images), weightShape) : null,
          wantsBias && bias ? upload(jax, byShifts(derivative), [filters]) : null,
        ];
      },
      // What is kept for the backward pass is not jax-js's.
      release: () => undefined,
    };
  };
}
