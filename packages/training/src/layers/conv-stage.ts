import type { ConvOperator } from '@grim/ir';
import { borrowing } from '../jax/borrowing.ts';
import type { JaxArray } from '../jax/load-jax.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';
import { tapProducts } from './window/tap-products.ts';
import { padPlane, phaseImages } from './window/phases.ts';
import { rowLayout } from './window/row-layout.ts';
import { tapsOf, windowPlane, type Tap } from './window/window-plane.ts';

/**
 * A convolution without its activation, as one product of matrices for each element of the kernel.
 *
 * With channels last and the borders in place ({@link rowLayout}), a batch of images is a matrix of pixels by channels, and the
 * pixels under one element of the kernel are the same matrix some rows further on. So `y = Σ_k x[rows + offset_k] · w_k` over whole
 * matrices, where rows at the border give values that are cut off: no copy of the windows is made, and the products run at the speed
 * of any other. With a stride, every stride-th pixel is an image of its own ({@link phaseImages}). Backwards, the derivative by `x`
 * is the same sum with offsets the other way, and that by each `w_k` one more product.
 */
export function convStage(site: StageSite, op: ConvOperator): Stage {
  const { jax } = site;
  const { numpy: np } = jax;
  const xShape = present(site.inputShapes[0]);
  const weightShape = [...present(site.inputShapes[1])];
  const outputShape = [...present(site.outputShapes[0])];
  const [wantsX = false, wantsWeights = false, wantsBias = false] = site.wanted;
  const [batch = 0, channels = 0, ...spatial] = xShape;
  const [filters = 0, , ...kernel] = weightShape;
  const plane = windowPlane(op, spatial, kernel, outputShape.slice(2));
  const taps = tapsOf(plane);
  const { extent, pads, lead, tail, startOf } = rowLayout(plane, taps);
  const [height, width] = extent;
  const rows = batch * height * width;
  const [sy, sx] = plane.strides;
  const phaseNumber = ({ phase: [y, x] }: Tap): number => y * sx + x;
  const numbers = [...new Set(taps.map(phaseNumber))];
  const imageOf = taps.map((tap) => numbers.indexOf(phaseNumber(tap)));
  const products = tapProducts(jax, op.groups, channels, filters, kernel);

  /** A matrix with rows of zeros before and after it. */
  const aroundRows = (matrix: JaxArray, zeros: [number, number]): JaxArray => np.pad(matrix, [zeros, [0, 0]]);
  const pixelsUnder = (tap: Tap, image: JaxArray | undefined): JaxArray =>
    present(image).ref.slice([startOf(tap), startOf(tap) + rows]);
  const toRows = borrowing(jax, (x: JaxArray) => {
    const last = np.transpose(x.reshape([batch, channels, ...plane.input]), [0, 2, 3, 1]);
    const phases = numbers.map((number): [number, number] => [Math.floor(number / sx), number % sx]);
    return phaseImages(padPlane(jax, last, 1, pads), plane.strides, phases).map((image) =>
      aroundRows(image.reshape([rows, channels]), [lead, tail]),
    );
  });
  const sumOfProducts = borrowing(jax, (weights: JaxArray, ...images: JaxArray[]) => {
    const sum = taps.reduce<JaxArray | undefined>((total, tap, index) => {
      const pixels = pixelsUnder(tap, images[imageOf[index] ?? 0]);
      const product = products.forward(pixels, weights.ref.slice(index));
      return total ? product.add(total) : product;
    }, undefined);
    return [present(sum)];
  });
  const toOutput = borrowing(jax, (sum: JaxArray, ...bias: JaxArray[]) => {
    const image = sum.reshape([batch, height, width, filters]);
    const cut = np.transpose(image.slice([], [0, plane.output[0]], [0, plane.output[1]]), [0, 3, 1, 2]);
    const shifted = bias.reduce((total, shift) => total.add(shift.reshape([1, filters, 1, 1])), cut);
    return [shifted.reshape(outputShape)] as const;
  });
  const cotangentRows = borrowing(jax, (cotangent: JaxArray) => {
    const last = np.transpose(cotangent.reshape([batch, filters, ...plane.output]), [0, 2, 3, 1]);
    const beyond = [0, 1].map((axis) => [0, (extent[axis] ?? 0) - (plane.output[axis] ?? 0)] as const);
    const image = padPlane(jax, last, 1, beyond).reshape([rows, filters]);
    return [aroundRows(image, [tail, lead])] as const;
  });
  const byWeights = borrowing(jax, (byRows: JaxArray, ...images: JaxArray[]) =>
    taps.map((tap, index) => {
      const pixels = pixelsUnder(tap, images[imageOf[index] ?? 0]);
      return products.byWeight(pixels, byRows.ref.slice([tail, tail + rows]));
    }),
  );
  const byImages = borrowing(jax, (byRows: JaxArray, weights: JaxArray) =>
    numbers.map((_, image) => {
      const sum = taps.reduce<JaxArray | undefined>((total, tap, index) => {
        if (imageOf[index] !== image) return total;
        const first = lead + tail - startOf(tap);
        const product = products.byPixels(byRows.ref.slice([first, first + rows]), weights.ref.slice(index));
        return total ? product.add(total) : product;
      }, undefined);
      return present(sum);
    }),
  );
  const byX = borrowing(jax, (...images: JaxArray[]) => {
    const phases = Array.from({ length: sy * sx }, (_, number) => {
      const image = images[numbers.indexOf(number)];
      return (image ? image.ref : np.zeros([rows, channels])).reshape([1, batch, height, width, channels]);
    });
    const together = phases.length === 1 ? present(phases[0]) : np.concatenate(phases, 0);
    const padded = np
      .transpose(together.reshape([sy, sx, batch, height, width, channels]), [2, 3, 0, 4, 1, 5])
      .reshape([batch, height * sy, width * sx, channels]);
    const undone = pads.map(([before, after]) => [-before, -after] as const);
    return [np.transpose(padPlane(jax, padded, 1, undone), [0, 3, 1, 2]).reshape([...xShape])] as const;
  });
  const byBias = borrowing(
    jax,
    (cotangent: JaxArray) =>
      [np.sum(np.sum(cotangent.reshape([batch, filters, plane.output[0] * plane.output[1]]), 2), 0)] as const,
  );

  return (operands) => {
    const x = present(operands[0]);
    const weights = present(operands[1]);
    const bias = operands[2] ?? null;
    const images = toRows(x);
    const [packed] = products.packForward(weights);
    const [sum] = sumOfProducts(packed, ...images);
    packed.dispose();
    const outputs = toOutput(present(sum), ...(bias ? [bias] : []));
    present(sum).dispose();
    return Promise.resolve({
      outputs,
      pullBack: ([cotangent]) => {
        if (!cotangent) return Promise.resolve([null, null, null]);
        const [byRows] = cotangentRows(cotangent);
        let ofX: JaxArray | null = null;
        let ofWeights: JaxArray | null = null;
        if (wantsWeights) {
          const ofTaps = byWeights(byRows, ...images);
          [ofWeights] = products.unpack(...ofTaps);
          for (const array of ofTaps) array.dispose();
        }
        if (wantsX) {
          const [back] = products.packBackward(weights);
          const ofImages = byImages(byRows, back);
          [ofX] = byX(...ofImages);
          for (const array of [back, ...ofImages]) array.dispose();
        }
        byRows.dispose();
        return Promise.resolve([ofX, ofWeights, wantsBias && bias ? byBias(cotangent)[0] : null]);
      },
      release: () => {
        for (const image of images) image.dispose();
      },
    });
  };
}
