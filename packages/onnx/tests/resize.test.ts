import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import {
  float,
  floats,
  floatTensor,
  int,
  ints,
  intTensor,
  makeModel,
  node,
  string,
  type AttributeValue,
} from './support/onnx-model.ts';
import { count, expectSameAsOnnxruntime, noise } from './support/oracle.ts';
import { refusal } from './support/refusal.ts';

interface ResizeModel {
  readonly x: readonly number[];
  readonly scales?: readonly number[];
  readonly sizes?: readonly number[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly opset?: number;
}

function resizeModel({ x, scales, sizes, attributes = {}, opset = 13 }: ResizeModel): Uint8Array {
  return makeModel({
    opset,
    inputs: { x },
    outputs: ['y'],
    initializers: [
      ...(scales ? [floatTensor('scales', [scales.length], scales)] : []),
      ...(sizes ? [intTensor('sizes', sizes)] : []),
    ],
    nodes: [
      node('Resize', ['x', '', scales ? 'scales' : '', sizes ? 'sizes' : ''], ['y'], attributes, {
        name: 'larger',
      }),
    ],
  });
}

const dimension = fc.record({
  extent: fc.integer({ min: 1, max: 9 }),
  size: fc.integer({ min: 1, max: 24 }),
  // Thirds, fifths and sevenths are no 32-bit numbers: products and quotients with them round.
  scale: fc.constantFrom(0.3, 1 / 3, 0.5, 0.6, 0.7, 1, 1.25, 7 / 5, 1.5, 5 / 3, 2, 2.2, 3, 10 / 3, 4),
});

test('resizing one and two dimensions equals onnxruntime', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(dimension, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
      fc.constantFrom('align_corners', 'asymmetric', 'half_pixel', 'pytorch_half_pixel'),
      fc.constantFrom('ceil', 'floor', 'linear', 'round_prefer_ceil', 'round_prefer_floor'),
      fc.nat(),
      async (drawn, bySizes, coordinates, interpolation, seed) => {
        const dimensions = drawn.map((given) => ({
          ...given,
          scale: Math.max(given.scale, 1 / given.extent),
        }));
        // onnxruntime copies where no extent changes, whatever the scales are.
        const grows = ({ extent, scale }: (typeof dimensions)[number]): boolean =>
          extent * scale >= extent + 1;
        fc.pre(bySizes || dimensions.some((given) => given.scale < 1 || grows(given)));
        const x = [2, 3, ...dimensions.map(({ extent }) => extent)];
        const model = resizeModel({
          x,
          ...(bySizes
            ? { sizes: [2, 3, ...dimensions.map(({ size }) => size)] }
            : { scales: [1, 1, ...dimensions.map(({ scale }) => scale)] }),
          attributes: {
            coordinate_transformation_mode: string(coordinates),
            ...(interpolation === 'linear'
              ? { mode: string('linear') }
              : { mode: string('nearest'), nearest_mode: string(interpolation) }),
          },
        });
        await expectSameAsOnnxruntime(model, { x: { shape: x, data: noise(seed, count(x)) } });
      },
    ),
    { numRuns: 250 },
  );
});

test.each([
  ['Upsample of opset 9', 9, 'Upsample', [1, 1, 2, 3], 'nearest'],
  ['Upsample of opset 9', 9, 'Upsample', [1, 1, 2, 1.5], 'linear'],
  ['Upsample of opset 7', 7, 'Upsample', [1, 1, 2.5, 2], 'nearest'],
  ['Resize of opset 10', 10, 'Resize', [1, 1, 2, 2.5], 'nearest'],
  ['Resize of opset 10', 10, 'Resize', [1, 1, 0.5, 2], 'linear'],
])('%s (%i) equals onnxruntime: %s by %j, %s', async (_, opset, opType, scales, mode) => {
  const asAttribute = opset < 9;
  const model = makeModel({
    opset,
    irVersion: 4,
    inputs: { x: [1, 2, 4, 5] },
    outputs: ['y'],
    initializers: asAttribute ? [] : [floatTensor('scales', [4], scales)],
    nodes: [
      node(opType, asAttribute ? ['x'] : ['x', 'scales'], ['y'], {
        mode: string(mode),
        ...(asAttribute ? { scales: floats(scales) } : {}),
      }),
    ],
  });
  await expectSameAsOnnxruntime(model, { x: { shape: [1, 2, 4, 5], data: noise(2, 40) } });
});

test('a choice of axes equals onnxruntime', async () => {
  const input = { shape: [1, 2, 4, 5], data: noise(3, 40) };
  for (const [axes, sizes] of [
    [[3], [7]],
    [
      [-1, 2],
      [3, 9],
    ],
  ] as const) {
    const attributes = { axes: ints(axes), mode: string('linear') };
    await expectSameAsOnnxruntime(resizeModel({ x: input.shape, sizes, attributes, opset: 18 }), {
      x: input,
    });
  }
});

test('attributes of modes that are not chosen are no obstacle, and a resize to the same size is none', () => {
  const attributes = { cubic_coeff_a: float(-0.5), extrapolation_value: float(1), exclude_outside: int(0) };
  const [layer, ...others] = importOnnx(resizeModel({ x: [1, 2, 4], scales: [1, 1, 2], attributes })).nodes;
  expect(others).toEqual([]);
  expect(layer?.op).toEqual({
    kind: 'resize',
    interpolation: 'nearestRoundPreferFloor',
    coordinates: 'halfPixel',
    sizes: [8],
    scales: [2],
  });
  expect(importOnnx(resizeModel({ x: [1, 2, 4], sizes: [1, 2, 4] })).nodes).toEqual([]);
});

test.each([
  ['mode cubic is not supported', { attributes: { mode: string('cubic') } }],
  ['attribute antialias is not supported', { attributes: { antialias: int(1) } }],
  ['attribute exclude_outside is not supported', { attributes: { exclude_outside: int(1) } }],
  ['a region of interest', { attributes: { coordinate_transformation_mode: string('tf_crop_and_resize') } }],
  [
    'attribute coordinate_transformation_mode half_pixel_symmetric is not supported',
    { attributes: { coordinate_transformation_mode: string('half_pixel_symmetric') } },
  ],
  ['attribute nearest_mode up is not supported', { attributes: { nearest_mode: string('up') } }],
  [
    'attribute keep_aspect_ratio_policy not_larger is not supported',
    { attributes: { keep_aspect_ratio_policy: string('not_larger') } },
  ],
  ['only the spatial dimensions of [N,C,L] and [N,C,H,W]', { scales: [1, 2, 2, 2] }],
  ['only the spatial dimensions of [N,C,L] and [N,C,H,W]', { x: [4, 4], scales: [2, 2] }],
  ['both scales and sizes are given', { sizes: [1, 2, 8, 8] }],
  ['3 scales for axes [0,1,2,3] of input [1,2,4,4]', { scales: [1, 1, 2] }],
  ['attribute sizes must hold integers of at least 1', { scales: [1, 1, 0.1, 1] }],
  ['scales must be positive numbers, got [1,1,NaN,1]', { scales: [1, 1, NaN, 1] }],
  ['axes [2,2]', { attributes: { axes: ints([2, -2]) }, scales: [2, 2], opset: 18 }],
  [
    'mode nearest with scales below 1 is not defined before opset 11',
    { opset: 10, scales: [1, 1, 0.5, 0.5] },
  ],
])('refused in one line: %s', (message, changes: Partial<ResizeModel>) => {
  const parts: ResizeModel = { x: [1, 2, 4, 4], scales: [1, 1, 2, 2], ...changes };
  if (parts.opset !== 10) {
    const problem = refusal(() => importOnnx(resizeModel(parts)));
    expect(problem).toContain('larger (Resize): ');
    expect(problem).toContain(message);
    return;
  }
  const model = makeModel({
    opset: 10,
    inputs: { x: parts.x },
    outputs: ['y'],
    initializers: [floatTensor('scales', [4], parts.scales ?? [])],
    nodes: [node('Resize', ['x', 'scales'], ['y'])],
  });
  expect(refusal(() => importOnnx(model))).toContain(message);
});
