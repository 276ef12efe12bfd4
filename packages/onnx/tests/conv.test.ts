import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import {
  floatTensor,
  int,
  ints,
  makeModel,
  node,
  string,
  type AttributeValue,
} from './support/onnx-model.ts';
import { count, expectSameAsOnnxruntime, noise } from './support/oracle.ts';

const autoPads = ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'] as const;

const convolution = fc
  .record({
    rank: fc.integer({ min: 1, max: 2 }),
    batch: fc.integer({ min: 1, max: 2 }),
    groups: fc.integer({ min: 1, max: 3 }),
    groupChannels: fc.integer({ min: 1, max: 3 }),
    groupFilters: fc.integer({ min: 1, max: 3 }),
    extents: fc.array(fc.integer({ min: 5, max: 9 }), { minLength: 2, maxLength: 2 }),
    kernel: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 }),
    strides: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 }),
    dilations: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 2, maxLength: 2 }),
    pads: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }),
    autoPad: fc.constantFrom(...autoPads),
    bias: fc.boolean(),
    statesKernel: fc.boolean(),
    seed: fc.nat(),
  })
  // onnxruntime does not dilate when it chooses the padding.
  .map((spec) => (spec.autoPad.startsWith('SAME') ? { ...spec, dilations: [1, 1] } : spec));

test('convolutions of one and two dimensions equal onnxruntime', async () => {
  await fc.assert(
    fc.asyncProperty(convolution, async (spec) => {
      const { rank, batch, groups, seed } = spec;
      const take = (values: readonly number[]): number[] => values.slice(0, rank);
      const kernel = take(spec.kernel);
      const shape = [batch, groups * spec.groupChannels, ...take(spec.extents)];
      const filters = groups * spec.groupFilters;
      const weights = [filters, spec.groupChannels, ...kernel];
      const pads: AttributeValue = ints([...spec.pads.slice(0, rank), ...spec.pads.slice(2, 2 + rank)]);
      const attributes: Record<string, AttributeValue> = {
        group: int(groups),
        strides: ints(take(spec.strides)),
        dilations: ints(take(spec.dilations)),
        ...(spec.statesKernel && { kernel_shape: ints(kernel) }),
        ...(spec.autoPad === 'NOTSET' ? { pads } : { auto_pad: string(spec.autoPad) }),
      };
      const model = makeModel({
        inputs: { x: shape },
        outputs: ['y'],
        initializers: [
          floatTensor('w', weights, noise(seed, count(weights))),
          ...(spec.bias ? [floatTensor('b', [filters], noise(seed + 1, filters))] : []),
        ],
        nodes: [node('Conv', spec.bias ? ['x', 'w', 'b'] : ['x', 'w'], ['y'], attributes)],
      });
      await expectSameAsOnnxruntime(model, { x: { shape, data: noise(seed + 2, count(shape)) } });
    }),
    { numRuns: 60 },
  );
});

function convModel(attributes: Record<string, AttributeValue>, x: number[], w: number[]): Uint8Array {
  return makeModel({
    inputs: { x },
    outputs: ['y'],
    initializers: [floatTensor('w', w, noise(1, count(w)))],
    nodes: [node('Conv', ['x', 'w'], ['y'], attributes, { name: 'stem' })],
  });
}

test.each([
  ['three spatial dimensions', {}, [1, 1, 4, 4, 4], [1, 1, 2, 2, 2], /stem \(Conv\): only 1-D and 2-D/],
  ['channels that do not fit', {}, [1, 3, 8], [4, 2, 3], /stem \(Conv\): .*\[4,2,3\].*\[1,3,8\]/],
  [
    'a kernel_shape that contradicts the weights',
    { kernel_shape: ints([5]) },
    [1, 1, 8],
    [1, 1, 3],
    /kernel_shape \[5\]/,
  ],
  ['negative pads', { pads: ints([-1, 0]) }, [1, 1, 8], [1, 1, 3], /pads/],
  ['strides of zero', { strides: ints([0]) }, [1, 1, 8], [1, 1, 3], /strides/],
  ['no groups', { group: int(0) }, [1, 1, 8], [1, 1, 3], /group/],
  ['an unknown auto_pad', { auto_pad: string('SOME') }, [1, 1, 8], [1, 1, 3], /auto_pad SOME/],
  [
    'an attribute nobody knows',
    { groups: int(2) },
    [1, 1, 8],
    [1, 1, 3],
    /attribute groups is not supported/,
  ],
  ['a kernel larger than its input', {}, [1, 1, 2], [1, 1, 3], /stem \(Conv\): .*does not fit/],
])('%s: refused by name', (_, attributes, x, w, message) => {
  expect(() => importOnnx(convModel(attributes, x, w))).toThrow(message);
});

test('weights that depend on inputs are refused', () => {
  const model = makeModel({
    inputs: { x: [1, 1, 8], w: [1, 1, 3] },
    outputs: ['y'],
    nodes: [node('Conv', ['x', 'w'], ['y'])],
  });
  expect(() => importOnnx(model)).toThrow(/Conv_0 \(Conv\): operand W must be constant, but w depends/);
});
