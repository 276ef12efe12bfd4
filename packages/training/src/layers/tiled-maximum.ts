import { borrowing } from '../jax/borrowing.ts';
import type { JaxArray } from '../jax/load-jax.ts';
import { download, upload } from '../jax/transfer.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';
import { tapsOf, type WindowPlane } from './window/window-plane.ts';

/** Whether windows lie side by side inside the plane, so that no element is in two of them. */
export function windowsTile({ input, output, kernel, strides, dilations, padsBegin }: WindowPlane): boolean {
  return ([0, 1] as const).every(
    (axis) =>
      padsBegin[axis] === 0 &&
      dilations[axis] === 1 &&
      strides[axis] === kernel[axis] &&
      output[axis] * kernel[axis] <= input[axis],
  );
}

/**
 * Maximum of windows that lie side by side. Backwards, each element asks whether it is the maximum of its one window, where the
 * derivative that jax-js finds adds up as many padded images as a window has elements. Equal elements share alike.
 *
 * @param site - Where the stage is; operand [N,C,...].
 * @param plane - The windows ({@link windowsTile}).
 */
export function tiledMaximumStage(site: StageSite, plane: WindowPlane): Stage {
  const { jax } = site;
  const { numpy: np } = jax;
  const xShape = [...present(site.inputShapes[0])];
  const outputShape = [...present(site.outputShapes[0])];
  const [batch = 0, channels = 0] = xShape;
  const [height, width] = plane.output;
  const [rows, columns] = plane.kernel;
  const lineStep = plane.input[1];
  const taps = tapsOf(plane).map(({ phase }) => phase);
  const offsets = Int32Array.from(taps, ([row, column]) => row * lineStep + column);
  const forward = borrowing(jax, (x: JaxArray) => {
    // What is left over after the last window is in none.
    const windows = x
      .reshape([batch, channels, ...plane.input])
      .slice([], [], [0, height * rows], [0, width * columns])
      .reshape([batch, channels, height, rows, width, columns]);
    const images = taps.map(([row, column]) => windows.ref.slice([], [], [], row, [], column));
    windows.dispose();
    return [images.reduce((largest, image) => np.maximum(largest, image)).reshape(outputShape)] as const;
  });
  /** Derivatives on their way to jax-js; what is in no window stays zero. */
  const result = new Float32Array(batch * channels * plane.input[0] * plane.input[1]);
  const backward = (cotangent: Float32Array, x: Float32Array, y: Float32Array): void => {
    const linesOfWindows = batch * channels * height;
    for (let line = 0, window = 0; line < linesOfWindows; line++) {
      const image = Math.floor(line / height);
      let first = (image * plane.input[0] + (line % height) * rows) * lineStep;
      for (const end = window + width; window < end; window++, first += columns) {
        const largest = y[window] ?? 0;
        // Numbers in place of branches, of which no processor could tell which way they go.
        let count = 0;
        for (let tap = 0; tap < offsets.length; tap++)
          count += Number(x[first + (offsets[tap] ?? 0)] === largest);
        const share = (cotangent[window] ?? 0) / count;
        for (let tap = 0; tap < offsets.length; tap++) {
          const at = first + (offsets[tap] ?? 0);
          result[at] = share * Number(x[at] === largest);
        }
      }
    }
  };
  return (operands) => {
    const x = present(operands[0]);
    const outputs = forward(x);
    const y = outputs[0].ref;
    return Promise.resolve({
      outputs,
      pullBack: async ([given]) => {
        if (!given) return [null];
        const cotangent = await download(given.ref);
        backward(cotangent, await download(x.ref), await download(y.ref));
        return [upload(jax, result, xShape)];
      },
      release: () => {
        y.dispose();
      },
    });
  };
}
