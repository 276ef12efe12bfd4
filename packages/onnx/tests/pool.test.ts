import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import { int, ints, makeModel, node, string, type AttributeValue } from './support/onnx-model.ts';
import { count, expectSameAsOnnxruntime, noise } from './support/oracle.ts';

const pair = (min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min, max }), { minLength: 2, maxLength: 2 });

const pooling = fc
  .record({
    opType: fc.constantFrom('MaxPool', 'AveragePool'),
    rank: fc.integer({ min: 1, max: 2 }),
    channels: fc.integer({ min: 1, max: 3 }),
    // The largest dilated window fits.
    extents: pair(7, 11),
    kernel: pair(1, 4),
    strides: pair(1, 3),
    dilations: pair(1, 2),
    padsBegin: pair(0, 3),
    padsEnd: pair(0, 3),
    autoPad: fc.constantFrom('NOTSET', 'NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'),
    ceiling: fc.boolean(),
    countIncludePad: fc.boolean(),
    seed: fc.nat(),
  })
  .map((spec) => {
    const average = spec.opType === 'AveragePool';
    // Where onnxruntime chooses the padding it does not dilate, steps no further than the window and does not round up.
    const chosen = spec.autoPad !== 'NOTSET';
    return {
      ...spec,
      dilations: average || chosen ? [1, 1] : spec.dilations,
      strides: spec.strides.map((stride, axis) =>
        chosen ? Math.min(stride, spec.kernel[axis] ?? 1) : stride,
      ),
      ceiling: spec.ceiling && !chosen,
      padsBegin: spec.padsBegin.map((pad, axis) => Math.min(pad, (spec.kernel[axis] ?? 1) - 1)),
      padsEnd: spec.padsEnd.map((pad, axis) => Math.min(pad, (spec.kernel[axis] ?? 1) - 1)),
    };
  });

test('pooling over one and two dimensions equals onnxruntime', async () => {
  await fc.assert(
    fc.asyncProperty(pooling, async (spec) => {
      const take = (values: readonly number[]): number[] => values.slice(0, spec.rank);
      const shape = [2, spec.channels, ...take(spec.extents)];
      const average = spec.opType === 'AveragePool';
      const pads: AttributeValue = ints([...take(spec.padsBegin), ...take(spec.padsEnd)]);
      const attributes: Record<string, AttributeValue> = {
        kernel_shape: ints(take(spec.kernel)),
        strides: ints(take(spec.strides)),
        ...(average ? { count_include_pad: int(spec.countIncludePad ? 1 : 0) } : {}),
        ...(average ? {} : { dilations: ints(take(spec.dilations)) }),
        ...(spec.ceiling ? { ceil_mode: int(1) } : {}),
        ...(spec.autoPad === 'NOTSET' ? { pads } : { auto_pad: string(spec.autoPad) }),
      };
      const model = makeModel({
        inputs: { x: shape },
        outputs: ['y'],
        nodes: [node(spec.opType, ['x'], ['y'], attributes)],
      });
      await expectSameAsOnnxruntime(model, { x: { shape, data: noise(spec.seed, count(shape)) } });
    }),
    { numRuns: 80 },
  );
});

function poolModel(
  opType: string,
  attributes: Record<string, AttributeValue>,
  x: readonly number[],
  outputs = ['y'],
): Uint8Array {
  return makeModel({
    inputs: { x },
    outputs: ['y'],
    nodes: [node(opType, ['x'], outputs, attributes, { name: 'window' })],
  });
}

test.each([
  [
    'three spatial dimensions',
    'MaxPool',
    { kernel_shape: ints([2, 2, 2]) },
    [1, 1, 4, 4, 4],
    /only 1-D and 2-D/,
  ],
  ['no window', 'MaxPool', {}, [1, 1, 8], /window \(MaxPool\): attribute kernel_shape must hold 1 positive/],
  [
    'a window without elements',
    'AveragePool',
    { kernel_shape: ints([0]) },
    [1, 1, 8],
    /kernel_shape .*\[0\]/,
  ],
  [
    'padding as wide as the window',
    'MaxPool',
    { kernel_shape: ints([2]), pads: ints([2, 0]) },
    [1, 1, 8],
    /outside/,
  ],
])('%s: refused by name', (_, opType, attributes: Record<string, AttributeValue>, x, message) => {
  expect(() => importOnnx(poolModel(opType, attributes, x))).toThrow(message);
});

test('the positions of maxima are refused', () => {
  const model = poolModel('MaxPool', { kernel_shape: ints([2]) }, [1, 1, 8], ['y', 'positions']);
  expect(() => importOnnx(model)).toThrow(
    /window \(MaxPool\): the positions of the maxima are not supported/,
  );
});
