import { borrowing } from '../jax/borrowing.ts';
import type { JaxArray } from '../jax/load-jax.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';
import { tapsOf, type WindowPlane } from './window/window-plane.ts';

/** Whether every element of the input is in exactly one window. */
export function windowsTile({ input, output, kernel, strides, dilations, padsBegin }: WindowPlane): boolean {
  return ([0, 1] as const).every(
    (axis) =>
      padsBegin[axis] === 0 &&
      dilations[axis] === 1 &&
      strides[axis] === kernel[axis] &&
      input[axis] === output[axis] * kernel[axis],
  );
}

/**
 * Maximum of windows that tile the plane. Backwards, each element asks whether it is the maximum of its one window, where the derivative
 * that jax-js finds adds up as many padded images as a window has elements. Equal elements share alike.
 *
 * @param site - Where the stage is; operand [N,C,...].
 * @param plane - The windows, which tile it ({@link windowsTile}).
 */
export function tiledMaximumStage(site: StageSite, plane: WindowPlane): Stage {
  const { numpy: np } = site.jax;
  const xShape = [...present(site.inputShapes[0])];
  const outputShape = [...present(site.outputShapes[0])];
  const [batch = 0, channels = 0] = xShape;
  const [height, width] = plane.output;
  const [rows, columns] = plane.kernel;
  const apart = [batch, channels, height, rows, width, columns];
  const onePerWindow = [batch, channels, height, 1, width, 1];
  const taps = tapsOf(plane).map(({ phase }) => phase);
  const elements = (x: JaxArray): JaxArray[] => {
    const windows = x.reshape(apart);
    const images = taps.map(([row, column]) => windows.ref.slice([], [], [], row, [], column));
    windows.dispose();
    return images;
  };
  const forward = borrowing(
    site.jax,
    (x: JaxArray) =>
      [
        elements(x)
          .reduce((largest, image) => np.maximum(largest, image))
          .reshape(outputShape),
      ] as const,
  );
  const backward = borrowing(site.jax, (cotangent: JaxArray, x: JaxArray, y: JaxArray) => {
    const largest = y.reshape([batch, channels, height, width]);
    const count = elements(x.ref)
      .map((image) => np.where(image.equal(largest.ref), 1, 0))
      .reduce((sum, isLargest) => sum.add(isLargest));
    const share = cotangent.reshape([batch, channels, height, width]).div(count).reshape(onePerWindow);
    return [
      np.where(x.reshape(apart).equal(largest.reshape(onePerWindow)), share, 0).reshape(xShape),
    ] as const;
  });
  return (operands) => {
    const x = present(operands[0]);
    const outputs = forward(x);
    const y = outputs[0].ref;
    return Promise.resolve({
      outputs,
      pullBack: ([cotangent]) => Promise.resolve([cotangent ? backward(cotangent, x, y)[0] : null]),
      release: () => {
        y.dispose();
      },
    });
  };
}
