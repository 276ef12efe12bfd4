import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConvolutionShape } from '../src/layers/window/convolution.ts';
import { makeWinogradConvolution, suitsWinograd } from '../src/layers/window/winograd-convolution.ts';

const taps = 9;
const extent = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const pads = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }));

/** Planes of any size, tiles that they fill or not, and images that fill a vector or not. */
const shapes = fc
  .record({
    input: fc.tuple(extent(9), extent(9)),
    padsBegin: pads,
    padsEnd: pads,
    batch: extent(5),
    channels: extent(5),
    filters: extent(5),
  })
  .map(({ input, padsBegin, padsEnd, ...counts }): ConvolutionShape => {
    const along = (axis: 0 | 1): number => input[axis] + padsBegin[axis] + padsEnd[axis] - 2;
    const output = [along(0), along(1)] as const;
    return {
      plane: { input, output, kernel: [3, 3], strides: [1, 1], dilations: [1, 1], padsBegin },
      groups: 1,
      ...counts,
    };
  })
  .filter(({ plane: { output } }) => output.every((count) => count > 0));

/** Values that do not repeat, of about 1. */
function values(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(seed + index * index * 0.7));
}

/** The definition: calls for each product of a weight with an element of an image, with where they and their result are. */
function forEachProduct(
  { plane: { input, output, padsBegin }, batch, channels, filters }: ConvolutionShape,
  visit: (y: number, weight: number, x: number) => void,
): void {
  const [height, width] = output;
  for (let y = 0; y < batch * filters * height * width; y++) {
    const [row, column] = [Math.floor(y / width) % height, y % width];
    const filter = Math.floor(y / (height * width)) % filters;
    const image = Math.floor(y / (height * width * filters));
    for (let channel = 0; channel < channels; channel++) {
      for (let tap = 0; tap < taps; tap++) {
        const line = row + Math.floor(tap / 3) - padsBegin[0];
        const pixel = column + (tap % 3) - padsBegin[1];
        if (line < 0 || line >= input[0] || pixel < 0 || pixel >= input[1]) continue;
        const x = ((image * channels + channel) * input[0] + line) * input[1] + pixel;
        visit(y, (filter * channels + channel) * taps + tap, x);
      }
    }
  }
}

function expectClose(found: Float32Array, wanted: Float64Array): void {
  expect(found).toHaveLength(wanted.length);
  const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = wanted.reduce((most, value, at) => Math.max(most, Math.abs(value - (found[at] ?? NaN))), 0);
  expect(worst / scale).toBeLessThan(2e-5);
}

describe('convolutions by minimal filtering', () => {
  it('are those of the definition, and so are their derivatives', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.nat({ max: 1000 }), async (shape, seed) => {
        const { plane, batch, channels, filters } = shape;
        const pixels = ([height, width]: readonly [number, number]): number => height * width;
        const images = values(batch * channels * pixels(plane.input), seed);
        const weights = values(filters * channels * taps, seed + 1);
        const cotangent = values(batch * filters * pixels(plane.output), seed + 2);
        const shifts = values(filters, seed + 3);
        const result = Float64Array.from(cotangent, (_, at) => {
          return shifts[Math.floor(at / pixels(plane.output)) % filters] ?? NaN;
        });
        const [byImages, byWeights] = [new Float64Array(images.length), new Float64Array(weights.length)];
        const addTo = (sums: Float64Array, at: number, value: number): void => {
          sums[at] = (sums[at] ?? 0) + value;
        };
        forEachProduct(shape, (y, weight, x) => {
          addTo(result, y, (weights[weight] ?? 0) * (images[x] ?? 0));
          addTo(byImages, x, (weights[weight] ?? 0) * (cotangent[y] ?? 0));
          addTo(byWeights, weight, (images[x] ?? 0) * (cotangent[y] ?? 0));
        });
        const convolution = await makeWinogradConvolution(shape);
        // Twice, since memory is not cleared in between.
        for (let run = 0; run < 2; run++) {
          expectClose(convolution.forward(images, weights, shifts), result);
          expectClose(convolution.byImages(cotangent, weights), byImages);
          expectClose(convolution.byWeights(cotangent, images), byWeights);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('are chosen where they are possible and save multiplications', () => {
    const plane = {
      input: [7, 7],
      output: [7, 7],
      kernel: [3, 3],
      strides: [1, 1],
      dilations: [1, 1],
      padsBegin: [1, 1],
    } as const;
    const shape = { plane, batch: 4, channels: 16, filters: 16, groups: 1 };
    expect(suitsWinograd(shape)).toBe(true);
    expect(suitsWinograd({ ...shape, groups: 2 })).toBe(false);
    expect(suitsWinograd({ ...shape, channels: 1 })).toBe(false);
    expect(suitsWinograd({ ...shape, plane: { ...plane, input: [2, 2], output: [2, 2] } })).toBe(false);
    expect(suitsWinograd({ ...shape, plane: { ...plane, strides: [2, 2], output: [4, 4] } })).toBe(false);
    expect(suitsWinograd({ ...shape, plane: { ...plane, dilations: [2, 2], output: [5, 5] } })).toBe(false);
    expect(suitsWinograd({ ...shape, plane: { ...plane, kernel: [5, 5], output: [5, 5] } })).toBe(false);
    expect(suitsWinograd({ ...shape, plane: { ...plane, padsBegin: [3, 3], output: [11, 11] } })).toBe(false);
  });
});
