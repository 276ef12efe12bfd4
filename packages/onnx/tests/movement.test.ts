import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import {
  float,
  floatTensor,
  int,
  ints,
  intTensor,
  makeModel,
  node,
  string,
  type AttributeValue,
  type ModelParts,
} from './support/onnx-model.ts';
import { count, expectSameAsOnnxruntime, noise } from './support/oracle.ts';

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

/** A model of one node that moves the elements of `x`; lists of integers are initializers or attributes. */
function mover(
  opType: string,
  shape: readonly number[],
  opset: number,
  operands: Readonly<Record<string, readonly number[] | undefined>>,
  attributes: Record<string, AttributeValue> = {},
  outputs: readonly string[] = ['y'],
): Uint8Array {
  const given = Object.entries(operands);
  const inputs = given.map(([name, values]) => (values ? name : ''));
  while (inputs.at(-1) === '') inputs.pop();
  return makeModel({
    opset,
    inputs: { x: shape },
    outputs,
    initializers: given.flatMap(([name, values]) => (values ? [intTensor(name, values)] : [])),
    nodes: [node(opType, ['x', ...inputs], outputs, attributes, { name: 'move' })],
  });
}

function numbered(shape: readonly number[]): { shape: readonly number[]; data: Float32Array } {
  return { shape, data: Float32Array.from({ length: count(shape) }, (_, index) => index) };
}

const huge = 2n ** 63n - 1n;

describe('Slice', () => {
  /** Starts, ends and steps that leave something, some counted from the end, some far outside. */
  const slices = shapes.chain((shape) =>
    fc
      .tuple(
        ...shape.map((extent) =>
          fc
            .record({
              start: fc.integer({ min: -extent - 2, max: extent + 2 }),
              end: fc.integer({ min: -extent - 2, max: extent + 2 }),
              step: fc.constantFrom(1, 2, 3, -1, -2),
              chosen: fc.boolean(),
            })
            .filter(({ start, end, step }) => {
              const from = Math.min(
                Math.max(start < 0 ? start + extent : start, 0),
                step > 0 ? extent : extent - 1,
              );
              const to = Math.min(
                Math.max(end < 0 ? end + extent : end, step > 0 ? 0 : -1),
                step > 0 ? extent : extent - 1,
              );
              return (to - from) / step > 0;
            }),
        ),
      )
      .map((along) => ({ shape, along })),
  );

  test('with operands equals onnxruntime', async () => {
    await fc.assert(
      fc.asyncProperty(slices, fc.constantFrom(10, 11, 13, 22), async ({ shape, along }, opset) => {
        const chosen = along.flatMap((range, axis) => (range.chosen ? [{ ...range, axis }] : []));
        if (chosen.length === 0) return;
        const model = mover('Slice', shape, opset, {
          starts: chosen.map(({ start }) => start),
          ends: chosen.map(({ end }) => end),
          axes: chosen.map(({ axis }) => (axis % 2 === 0 || opset < 11 ? axis : axis - shape.length)),
          steps: chosen.map(({ step }) => step),
        });
        await expectSameAsOnnxruntime(model, { x: numbered(shape) });
      }),
      { numRuns: 60 },
    );
  });

  test('with attributes (opset 9) equals onnxruntime', async () => {
    await fc.assert(
      fc.asyncProperty(slices, fc.boolean(), async ({ shape, along }, axes) => {
        const forward = along.filter(({ step }) => step === 1);
        if (forward.length !== along.length) return;
        const model = mover(
          'Slice',
          shape,
          9,
          {},
          {
            starts: ints(along.map(({ start }) => start)),
            ends: ints(along.map(({ end }) => end)),
            ...(axes && { axes: ints(along.map((_, axis) => axis)) }),
          },
        );
        await expectSameAsOnnxruntime(model, { x: numbered(shape) });
      }),
      { numRuns: 60 },
    );
  });

  test('that takes nothing, joined to what takes the rest, equals onnxruntime', async () => {
    const model = makeModel({
      inputs: { x: [2, 4] },
      outputs: ['y'],
      initializers: [intTensor('from', [4]), intTensor('to', [9]), intTensor('axis', [1])],
      nodes: [
        node('Slice', ['x', 'from', 'to', 'axis'], ['none']),
        node('Relu', ['x'], ['all']),
        node('Concat', ['none', 'all'], ['y'], { axis: int(1) }),
      ],
    });
    await expectSameAsOnnxruntime(model, { x: numbered([2, 4]) });
  });

  test('to the largest and from the smallest integers equals onnxruntime', async () => {
    const parts: ModelParts = {
      inputs: { x: [4, 5] },
      outputs: ['y'],
      initializers: [
        intTensor('starts', [1n, -1n]),
        intTensor('ends', [huge, -huge]),
        intTensor('axes', [0, 1]),
        intTensor('steps', [1, -1]),
      ],
      nodes: [node('Slice', ['x', 'starts', 'ends', 'axes', 'steps'], ['y'])],
    };
    await expectSameAsOnnxruntime(makeModel(parts), { x: numbered([4, 5]) });
  });

  test.each([
    ['nothing', { starts: [2], ends: [2], axes: [0], steps: [1] }, /^y is empty: its shape is \[0,5\]$/],
    ['an axis outside', { starts: [0], ends: [2], axes: [2], steps: [1] }, /axis 2 is outside/],
    [
      'an axis twice',
      { starts: [0, 1], ends: [2, 3], axes: [1, -1], steps: [1, 1] },
      /axis 1 is sliced twice/,
    ],
    ['no step', { starts: [0], ends: [2], axes: [0], steps: [0] }, /step 0/],
    [
      'lists of other lengths',
      { starts: [0], ends: [2, 3], axes: [0], steps: [1] },
      /equally many, got 1, 2, 1, 1/,
    ],
  ])('taking %s: refused', (_, operands, message) => {
    expect(() => importOnnx(mover('Slice', [4, 5], 13, operands))).toThrow(message);
  });
});

describe('Pad', () => {
  const pads = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      mode: fc.constantFrom('constant', 'reflect', 'edge'),
      amounts: fc.tuple(
        ...[...shape, ...shape].map((extent) => fc.integer({ min: -1, max: Math.max(0, extent - 1) })),
      ),
      value: fc.constantFrom(undefined, 0, 1.5),
      opset: fc.constantFrom(7, 10, 11, 13, 18, 19, 22),
      axes: fc.boolean(),
    }),
  );

  test('equals onnxruntime', async () => {
    await fc.assert(
      fc.asyncProperty(pads, async ({ shape, mode, amounts, value, opset, axes }) => {
        const rank = shape.length;
        // What is cut off must leave something, and only padding by a constant may cut.
        const legal = amounts.map((amount, position) =>
          mode !== 'constant' || (shape[position % rank] ?? 1) < 3 ? Math.max(0, amount) : amount,
        );
        const attributes = { mode: string(mode) };
        if (opset < 11) {
          const model = mover(
            'Pad',
            shape,
            opset,
            {},
            {
              ...attributes,
              pads: ints(legal),
              ...(value !== undefined && { value: float(value) }),
            },
          );
          await expectSameAsOnnxruntime(model, { x: numbered(shape) });
          return;
        }
        const withAxes = axes && opset >= 18;
        const last = rank - 1;
        const operands = ['x', 'pads', value === undefined ? '' : 'value', withAxes ? 'axes' : ''];
        while (operands.at(-1) === '') operands.pop();
        const model = makeModel({
          opset,
          inputs: { x: shape },
          outputs: ['y'],
          initializers: [
            intTensor('pads', withAxes ? [legal[last] ?? 0, legal[rank + last] ?? 0] : legal),
            floatTensor('value', [], [value ?? 0]),
            intTensor('axes', [-1]),
          ],
          nodes: [node('Pad', operands, ['y'], attributes)],
        });
        await expectSameAsOnnxruntime(model, { x: numbered(shape) });
      }),
      { numRuns: 80 },
    );
  });

  test.each<[string, Uint8Array, RegExp]>([
    [
      'an unknown mode',
      mover('Pad', [3], 19, { pads: [1, 1] }, { mode: string('wrap') }),
      /move \(Pad\): mode wrap/,
    ],
    [
      'reflection further than the tensor',
      mover('Pad', [3], 13, { pads: [3, 0] }, { mode: string('reflect') }),
      /reflection/,
    ],
    ['too few pads', mover('Pad', [3, 3], 13, { pads: [1, 1] }), /2 pads for axes \[0,1\]/],
    ['cutting everything', mover('Pad', [3], 13, { pads: [-2, -2] }), /cut more than \[3\]/],
  ])('%s: refused', (_, model, message) => {
    expect(() => importOnnx(model)).toThrow(message);
  });
});

describe('Reshape', () => {
  test.each([
    [
      [2, 3, 4],
      [6, 4],
    ],
    [[2, 3, 4], [-1]],
    [
      [2, 3, 4],
      [0, -1],
    ],
    [
      [2, 3, 4],
      [2, 0, 2, 2],
    ],
    [
      [2, 3, 4],
      [4, -1, 2],
    ],
    [[1], []],
  ])('%j to %j equals onnxruntime', async (shape, target) => {
    for (const opset of [7, 13, 14, 22]) {
      await expectSameAsOnnxruntime(mover('Reshape', shape, opset, { shape: target }), {
        x: numbered(shape),
      });
    }
  });

  test.each([
    [
      [2, 3],
      [4, 2],
    ],
    [
      [2, 3],
      [-1, -1],
    ],
    [
      [2, 3],
      [-1, 4],
    ],
    [
      [2, 3],
      [-2, 3],
    ],
    [
      [2, 3],
      [3, 2, 0],
    ],
  ])('%j to %j: refused', (shape, target) => {
    const message = `move (Reshape): [${shape.join(',')}] cannot be reshaped to [${target.join(',')}]`;
    expect(() => importOnnx(mover('Reshape', shape, 13, { shape: target }))).toThrow(message);
  });
});

describe('Flatten, Squeeze, Unsqueeze, Transpose', () => {
  test.each([undefined, 0, 1, 2, 3, -1, -3])('Flatten at axis %s equals onnxruntime', async (axis) => {
    for (const opset of axis !== undefined && axis < 0 ? [11, 22] : [7, 9, 11, 13]) {
      const model = mover('Flatten', [2, 3, 4], opset, {}, axis === undefined ? {} : { axis: int(axis) });
      await expectSameAsOnnxruntime(model, { x: numbered([2, 3, 4]) });
    }
  });

  test.each([[[0]], [[2]], [[0, 2]], [undefined]])('Squeeze of axes %j equals onnxruntime', async (axes) => {
    const shape = [1, 3, 1, 2];
    for (const opset of [7, 11]) {
      const model = mover('Squeeze', shape, opset, {}, axes ? { axes: ints(axes) } : {});
      await expectSameAsOnnxruntime(model, { x: numbered(shape) });
    }
    for (const opset of [13, 22]) {
      await expectSameAsOnnxruntime(mover('Squeeze', shape, opset, { axes }), { x: numbered(shape) });
    }
  });

  test.each([[[0]], [[1]], [[0, 3]], [[2, 0]], [[-1]]])(
    'Unsqueeze at axes %j equals onnxruntime',
    async (axes) => {
      if ((axes[0] ?? 0) >= 0) {
        await expectSameAsOnnxruntime(mover('Unsqueeze', [2, 3], 7, {}, { axes: ints(axes) }), {
          x: numbered([2, 3]),
        });
      }
      await expectSameAsOnnxruntime(mover('Unsqueeze', [2, 3], 11, {}, { axes: ints(axes) }), {
        x: numbered([2, 3]),
      });
      await expectSameAsOnnxruntime(mover('Unsqueeze', [2, 3], 13, { axes }), { x: numbered([2, 3]) });
    },
  );

  test('Transpose equals onnxruntime', async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes.chain((shape) =>
          fc.record({
            shape: fc.constant(shape),
            perm: fc.option(
              fc.shuffledSubarray(
                shape.map((_, axis) => axis),
                { minLength: shape.length },
              ),
              { nil: undefined },
            ),
          }),
        ),
        async ({ shape, perm }) => {
          const model = mover('Transpose', shape, 13, {}, perm ? { perm: ints(perm) } : {});
          await expectSameAsOnnxruntime(model, { x: numbered(shape) });
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a transposition that moves no element is only a reshape', () => {
    const graph = importOnnx(mover('Transpose', [1, 5, 1, 3], 13, {}, { perm: ints([1, 2, 0, 3]) }));
    expect(graph.nodes.map(({ op }) => op)).toEqual([{ kind: 'reshape', shape: [5, 1, 1, 3] }]);
  });

  test.each<[string, Uint8Array, RegExp]>([
    [
      'squeezing an extent of 3',
      mover('Squeeze', [1, 3], 13, { axes: [1] }),
      /axis 1 of \[1,3\] is not of extent 1/,
    ],
    ['unsqueezing one axis twice', mover('Unsqueeze', [3], 13, { axes: [0, -3] }), /name one axis twice/],
    ['unsqueezing outside', mover('Unsqueeze', [3], 13, { axes: [2] }), /axis 2 is outside/],
    [
      'no permutation',
      mover('Transpose', [2, 3], 13, {}, { perm: ints([0, 0]) }),
      /perm \[0,0\] does not permute/,
    ],
    ['axes as an operand before opset 13', mover('Unsqueeze', [3], 11, { axes: [0] }), /axes are missing/],
    [
      'axes as an attribute since opset 13',
      mover('Squeeze', [1, 3], 13, {}, { axes: ints([0]) }),
      /attribute axes is not/,
    ],
  ])('%s: refused', (_, model, message) => {
    expect(() => importOnnx(model)).toThrow(message);
  });
});

describe('Concat and Split', () => {
  test('Concat equals onnxruntime', async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.nat(),
        fc.array(fc.record({ extent: fc.integer({ min: 1, max: 3 }), constant: fc.boolean() }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (shape, draw, parts) => {
          const axis = draw % shape.length;
          const shaped = parts.map((part, index) => {
            const own = shape.map((extent, along) => (along === axis ? part.extent : extent));
            return { ...part, name: `p${index}`, shape: own, data: noise(index, count(own)) };
          });
          // Something has to depend on an input.
          const inputs = shaped.filter(({ constant }, index) => !constant || index === 0);
          const model = makeModel({
            inputs: Object.fromEntries(inputs.map((part) => [part.name, part.shape])),
            outputs: ['y'],
            initializers: shaped
              .filter((part) => !inputs.includes(part))
              .map((part) => floatTensor(part.name, part.shape, part.data)),
            nodes: [
              node(
                'Concat',
                shaped.map(({ name }) => name),
                ['y'],
                { axis: int(draw % 2 === 0 ? axis : axis - shape.length) },
              ),
            ],
          });
          await expectSameAsOnnxruntime(model, Object.fromEntries(inputs.map((part) => [part.name, part])));
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each([7, 11, 13, 18, 22])('Split of opset %i equals onnxruntime', async (opset) => {
    const outputs = ['a', 'b', 'c'];
    const attribute = opset < 13;
    const sizes = [1, 3, 2];
    await expectSameAsOnnxruntime(
      attribute
        ? mover('Split', [2, 6], opset, {}, { axis: int(1), split: ints(sizes) }, outputs)
        : mover('Split', [2, 6], opset, { split: sizes }, { axis: int(-1) }, outputs),
      { x: numbered([2, 6]) },
    );
    const equal = opset >= 18 ? { num_outputs: int(3) } : {};
    await expectSameAsOnnxruntime(mover('Split', [6, 2], opset, {}, equal, outputs), { x: numbered([6, 2]) });
    if (opset >= 18) {
      await expectSameAsOnnxruntime(mover('Split', [7, 2], opset, {}, equal, outputs), {
        x: numbered([7, 2]),
      });
    }
  });

  test.each<[string, Uint8Array, RegExp]>([
    [
      'sizes that do not add up',
      mover('Split', [6], 13, { split: [1, 2] }, {}, ['y', 'z']),
      /axis 0 of \[6\] does not split/,
    ],
    ['unequal parts', mover('Split', [5], 13, {}, {}, ['y', 'z']), /5 does not split into 2 parts/],
    [
      'a number of outputs that is not there',
      mover('Split', [6], 18, {}, { num_outputs: int(3) }, ['y', 'z']),
      /num_outputs is 3/,
    ],
    [
      'an empty part',
      mover('Split', [6], 13, { split: [6, 0] }, {}, ['y', 'z']),
      /^z is empty: its shape is \[0\]$/,
    ],
  ])('%s: refused', (_, model, message) => {
    expect(() => importOnnx(model)).toThrow(message);
  });
});

describe('Gather, Expand, Tile', () => {
  test.each([
    { indices: [1], shape: [], axis: 0 },
    { indices: [-1], shape: [1], axis: 1 },
    { indices: [0, 1, 2], shape: [3], axis: 1 },
    { indices: [3, 1], shape: [2], axis: 1 },
    { indices: [0, 3, 1, 1], shape: [4], axis: 1 },
    { indices: [0, 3, 1, 1], shape: [2, 2], axis: 1 },
    { indices: [1], shape: [], axis: -1 },
  ])('Gather of $indices as $shape along $axis equals onnxruntime', async ({ indices, shape, axis }) => {
    const model = makeModel({
      inputs: { x: [2, 4, 3] },
      outputs: ['y'],
      initializers: [intTensor('i', indices, shape)],
      nodes: [node('Gather', ['x', 'i'], ['y'], { axis: int(axis) })],
    });
    await expectSameAsOnnxruntime(model, { x: numbered([2, 4, 3]) });
  });

  test('Gather outside is refused', () => {
    expect(() => importOnnx(mover('Gather', [2, 3], 13, { i: [2] }))).toThrow(
      /index 2 is outside axis 0 of \[2,3\]/,
    );
  });

  test.each([
    [
      [2, 1, 3],
      [2, 4, 3],
    ],
    [[3], [2, 3]],
    [
      [2, 1],
      [1, 4],
    ],
    [[2, 3], [1]],
  ])('Expand of %j to %j equals onnxruntime', async (shape, target) => {
    await expectSameAsOnnxruntime(mover('Expand', shape, 13, { shape: target }), { x: numbered(shape) });
  });

  test.each([
    [
      [2, 3],
      [1, 2],
    ],
    [
      [2, 3],
      [3, 2],
    ],
    [
      [2, 3],
      [1, 1],
    ],
  ])('Tile of %j by %j equals onnxruntime', async (shape, repeats) => {
    await expectSameAsOnnxruntime(mover('Tile', shape, 13, { repeats }), { x: numbered(shape) });
  });
});

describe('reductions', () => {
  const reductions = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.option(
        fc.subarray(
          shape.map((_, axis) => axis),
          { minLength: 1 },
        ),
        { nil: undefined },
      ),
      negative: fc.boolean(),
      keepDims: fc.option(fc.boolean(), { nil: undefined }),
      opset: fc.constantFrom(7, 11, 13, 18, 22),
    }),
  );

  test.each([
    ['ReduceMean', 18],
    ['ReduceMax', 18],
    ['ReduceMin', 18],
    ['ReduceSum', 13],
  ])('%s equals onnxruntime', async (opType, operandSince) => {
    await fc.assert(
      fc.asyncProperty(reductions, async ({ shape, axes, negative, keepDims, opset }) => {
        const given = axes?.map((axis) => (negative && opset >= 11 ? axis - shape.length : axis));
        const keep = keepDims === undefined ? {} : { keepdims: int(keepDims ? 1 : 0) };
        const model =
          opset >= operandSince
            ? mover(opType, shape, opset, { axes: given }, keep)
            : mover(opType, shape, opset, {}, { ...keep, ...(given && { axes: ints(given) }) });
        await expectSameAsOnnxruntime(model, { x: { shape, data: noise(3, count(shape)) } });
      }),
      { numRuns: 25 },
    );
  });

  test('a reduction that asks for no axes and does nothing equals onnxruntime', async () => {
    const model = mover('ReduceSum', [2, 3], 13, {}, { noop_with_empty_axes: int(1) });
    await expectSameAsOnnxruntime(model, { x: numbered([2, 3]) });
  });

  test.each(['GlobalAveragePool', 'GlobalMaxPool'])('%s equals onnxruntime', async (opType) => {
    for (const shape of [
      [2, 3, 5],
      [1, 2, 3, 4],
    ]) {
      await expectSameAsOnnxruntime(mover(opType, shape, 13, {}), {
        x: { shape, data: noise(1, count(shape)) },
      });
    }
  });
});
