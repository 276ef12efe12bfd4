import { describe, expect, test } from 'vitest';
import { importOnnx } from '../src/index.ts';
import {
  anyTensor,
  DataType,
  floatTensor,
  graphValue,
  int,
  ints,
  intTensor,
  makeGraph,
  makeModel,
  node,
  tensorValue,
} from './support/onnx-model.ts';
import { refusal } from './support/refusal.ts';

/** Models of a few hundred bytes that ask for far more memory or work than any machine has. */
const bombs: [string, Parameters<typeof makeModel>[0], RegExp][] = [
  [
    'a constant of 2^40 elements',
    {
      outputs: ['y'],
      initializers: [intTensor('s', [2n ** 20n, 2n ** 20n])],
      nodes: [node('ConstantOfShape', ['s'], ['y'])],
    },
    /ConstantOfShape_0 .*shape \[1048576,1048576\] is over the limit of 67108864 elements/,
  ],
  [
    'a constant whose size overflows',
    {
      outputs: ['y'],
      initializers: [intTensor('s', [2n ** 62n, 4])],
      nodes: [node('ConstantOfShape', ['s'], ['y'])],
    },
    /over the limit of 67108864 elements/,
  ],
  [
    'many constants that are each small enough',
    {
      outputs: ['y'],
      initializers: [intTensor('s', [2 ** 22])],
      nodes: [
        ...Array.from({ length: 20 }, (_, index) => node('ConstantOfShape', ['s'], [`c${index}`])),
        node(
          'Sum',
          Array.from({ length: 20 }, (_, index) => `c${index}`),
          ['y'],
        ),
      ],
    },
    /folding constants needs more than 67108864 elements/,
  ],
  [
    'a constant doubled forty times',
    {
      outputs: ['v40'],
      initializers: [floatTensor('v0', [2], [1, 2])],
      nodes: Array.from({ length: 40 }, (_, index) =>
        node('Concat', [`v${index}`, `v${index}`], [`v${index + 1}`], { axis: int(0) }),
      ),
    },
    /folding constants needs more than|over the limit of/,
  ],
  [
    'an input doubled forty times',
    {
      inputs: { v0: [2] },
      outputs: ['v40'],
      nodes: Array.from({ length: 40 }, (_, index) =>
        node('Concat', [`v${index}`, `v${index}`], [`v${index + 1}`], { axis: int(0) }),
      ),
    },
    /a tensor of shape \[134217728\] is over the limit/,
  ],
  [
    'an expansion',
    {
      inputs: { x: [1] },
      outputs: ['y'],
      initializers: [intTensor('s', [2n ** 40n])],
      nodes: [node('Expand', ['x', 's'], ['y'])],
    },
    /Expand_0 .*over the limit/,
  ],
  [
    'repetitions',
    {
      outputs: ['y'],
      initializers: [floatTensor('x', [1], [1]), intTensor('r', [2n ** 50n])],
      nodes: [node('Tile', ['x', 'r'], ['y'])],
    },
    /Tile_0 .*over the limit/,
  ],
  [
    'padding',
    {
      inputs: { x: [1] },
      outputs: ['y'],
      initializers: [intTensor('p', [2n ** 40n, 0])],
      nodes: [node('Pad', ['x', 'p'], ['y'])],
    },
    /Pad_0 .*over the limit/,
  ],
  [
    'a range without end',
    {
      outputs: ['y'],
      initializers: [intTensor('a', [0], []), intTensor('b', [1], []), intTensor('zero', [0], [])],
      nodes: [node('Range', ['a', 'b', 'zero'], ['y'])],
    },
    /a range from 0 to 1 by 0 does not end/,
  ],
  [
    'a very long range',
    {
      outputs: ['y'],
      initializers: [
        intTensor('a', [-(2n ** 62n)], []),
        intTensor('b', [2n ** 62n], []),
        intTensor('one', [1], []),
      ],
      nodes: [node('Range', ['a', 'b', 'one'], ['y'])],
    },
    /Range_0 .*over the limit/,
  ],
  [
    'broadcasting',
    {
      outputs: ['y'],
      initializers: [intTensor('s', [2 ** 20, 1]), intTensor('t', [1, 2 ** 20])],
      nodes: [
        node('ConstantOfShape', ['s'], ['a']),
        node('ConstantOfShape', ['t'], ['b']),
        node('Add', ['a', 'b'], ['y']),
      ],
    },
    /Add_2 .*shape \[1048576,1048576\] is over the limit/,
  ],
  [
    'a convolution of constants',
    {
      outputs: ['y'],
      initializers: [intTensor('s', [1, 1, 2 ** 20]), intTensor('k', [1, 1, 2 ** 19])],
      nodes: [
        node('ConstantOfShape', ['s'], ['x']),
        node('ConstantOfShape', ['k'], ['w']),
        node('Conv', ['x', 'w'], ['y']),
      ],
    },
    /Conv_2 \(Conv\): folding constants needs more than 268435456 multiply-adds/,
  ],
  [
    'reductions of one constant over and over',
    {
      outputs: ['y'],
      initializers: [intTensor('s', [2 ** 22])],
      nodes: [
        node('ConstantOfShape', ['s'], ['c']),
        ...Array.from({ length: 30 }, (_, index) => node('ReduceSum', ['c'], [`r${index}`])),
        node(
          'Sum',
          Array.from({ length: 30 }, (_, index) => `r${index}`),
          ['y'],
        ),
      ],
    },
    /folding constants needs more than/,
  ],
  [
    'a transposition over very many axes',
    {
      inputs: { x: [1] },
      outputs: ['y'],
      nodes: [
        node('Unsqueeze', ['x'], ['y'], { axes: ints(Array.from({ length: 500 }, (_, axis) => axis)) }),
      ],
      opset: 11,
    },
    /a tensor of 501 dimensions is over the limit of 32/,
  ],
  [
    'very long lists',
    {
      inputs: { x: [1] },
      outputs: ['y'],
      nodes: [node('Transpose', ['x'], ['y'], { perm: ints(Array.from({ length: 100_000 }, () => 0)) })],
    },
    /attribute perm lists 100000 integers, at most 1024 make sense/,
  ],
];

test.each(bombs)('%s: refused', (_, parts, message) => {
  const model = makeModel(parts);
  expect(model.length).toBeLessThan(300_000);
  expect(refusal(() => importOnnx(model))).toMatch(message);
});

/** Branches in branches, all of them taken. */
function nestedBranches(depth: number): Uint8Array {
  let graph = makeGraph({ outputs: ['r'], nodes: [node('Neg', ['x'], ['r'])] });
  for (let level = 0; level < depth; level++) {
    graph = makeGraph({
      outputs: ['r'],
      nodes: [
        node('If', ['yes'], ['r'], {
          then_branch: graphValue(graph),
          else_branch: graphValue(makeGraph({ outputs: [], nodes: [] })),
        }),
      ],
    });
  }
  return makeModel({
    inputs: { x: [1] },
    outputs: ['y'],
    initializers: [anyTensor({ name: 'yes', dims: [], dataType: DataType.BOOL, int32Data: [1] })],
    nodes: [
      node('If', ['yes'], ['y'], {
        then_branch: graphValue(graph),
        else_branch: graphValue(makeGraph({ outputs: [], nodes: [] })),
      }),
    ],
  });
}

describe('very many nodes', () => {
  const count = 5000;
  const each = <T>(make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));

  test('with one name get a number each', () => {
    const model = makeModel({
      inputs: { x0: [2] },
      outputs: [`x${count}`],
      nodes: each((index) => node('Exp', [`x${index}`], [`x${index + 1}`], {}, { name: 'same' })),
    });
    expect(new Set(importOnnx(model).nodes.map(({ name }) => name)).size).toBe(count);
  });

  test('with as many states are refused', () => {
    const model = makeModel({
      inputs: { x: [1, 1, 1], ...Object.fromEntries(each((index) => [`h${index}`, [1, 1, 1]])) },
      outputs: each((index) => `n${index}`),
      initializers: [floatTensor('w', [1, 3, 1], [1, 1, 1])],
      nodes: each((index) =>
        node('GRU', ['x', 'w', 'w', '', '', `h${index}`], ['', `n${index}`], { hidden_size: int(1) }),
      ),
    });
    expect(refusal(() => importOnnx(model))).toMatch(/^5000 states among 15000 nodes are too many/);
  });

  test('that use one large weight are refused', () => {
    const model = makeModel({
      inputs: { x: [1] },
      outputs: [`v${count}`],
      initializers: [intTensor('s', [2 ** 18])],
      nodes: [
        node('ConstantOfShape', ['s'], ['w']),
        node('Add', ['x', 'w'], ['v0']),
        ...each((index) => node('Mul', [`v${index}`, 'w'], [`v${index + 1}`])),
      ],
    });
    expect(refusal(() => importOnnx(model))).toMatch(
      /constants are read by nodes as more than 268435456 elements/,
    );
  });

  test('that hold all states of as many layers are refused', () => {
    const layers = 1100;
    const model = makeModel({
      inputs: { x: [1, 1, 1], h: [layers, 1, 1] },
      outputs: ['h1'],
      initializers: [
        floatTensor('w', [1, 3, 1], [1, 1, 1]),
        intTensor('flat', [-1]),
        intTensor('tall', [-1, 1]),
      ],
      nodes: [
        node(
          'Split',
          ['h'],
          Array.from({ length: layers }, (_, index) => `s${index}`),
        ),
        ...Array.from({ length: layers }, (_, index) =>
          node('GRU', ['x', 'w', 'w', '', '', `s${index}`], ['', `n${index}`], { hidden_size: int(1) }),
        ),
        node(
          'Concat',
          Array.from({ length: layers }, (_, index) => `n${index}`),
          ['c0'],
          { axis: int(0) },
        ),
        ...Array.from({ length: layers }, (_, index) =>
          node('Reshape', [`c${index}`, index % 2 === 0 ? 'flat' : 'tall'], [`c${index + 1}`]),
        ),
        node('Identity', [`c${layers}`], ['h1']),
      ],
    });
    expect(refusal(() => importOnnx(model))).toBe(
      'recurrent state takes too long to find; give option states',
    );
  });
});

describe('nesting', () => {
  test('of branches is followed to the stated depth', () => {
    expect(importOnnx(nestedBranches(30)).nodes).toHaveLength(1);
    expect(importOnnx(nestedBranches(31)).nodes).toHaveLength(1);
    expect(refusal(() => importOnnx(nestedBranches(40)))).toMatch(/graphs are nested deeper than 32/);
    expect(refusal(() => importOnnx(nestedBranches(3), { limits: { graphDepth: 3 } }))).toMatch(
      /deeper than 3/,
    );
  });

  test('of messages as deep as a file allows does not overflow the stack', () => {
    // An attribute whose graph has a node whose attribute …, written from the inside out.
    let bytes: number[] = [];
    const wrap = (field: number): void => {
      const length = bytes.length;
      const varint = [];
      for (let rest = length; ; rest >>>= 7) {
        varint.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
        if (rest <= 0x7f) break;
      }
      bytes = [(field << 3) | 2, ...varint, ...bytes];
    };
    for (let level = 0; level < 3000; level++) [6, 5, 1].forEach(wrap);
    wrap(7);
    expect(refusal(() => importOnnx(Uint8Array.from(bytes)))).toMatch(/graphs are nested deeper than 32/);
  });

  test('of types is bounded like that of graphs', () => {
    // TypeProto.sequence_type.elem_type …, which graphs do not bound.
    let bytes: number[] = [];
    const wrap = (field: number): void => {
      const length = bytes.length;
      bytes = [
        (field << 3) | 2,
        ...(length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7]),
        ...bytes,
      ];
    };
    for (let level = 0; level < 200; level++) [1, 4].forEach(wrap);
    [2, 11, 7].forEach(wrap);
    expect(refusal(() => importOnnx(Uint8Array.from(bytes)))).toMatch(/nested deeper/);
  });
});

describe('the structure of the file', () => {
  const tiny = makeModel({ inputs: { x: [2] }, outputs: ['y'], nodes: [node('Relu', ['x'], ['y'])] });

  test('cut off anywhere is refused or still a model', () => {
    for (let length = 0; length < tiny.length; length++) {
      expect(refusal(() => importOnnx(tiny.subarray(0, length)))).toMatch(
        /^not an ONNX model|^the model|^IR version|^value|^y/,
      );
    }
  });

  test.each<[string, number[], RegExp]>([
    ['a length beyond the end', [0x3a, 0xff, 0x7f], /field 7 is longer than the message it is in/],
    ['a length beyond what a file can be', [0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f], /longer than the message/],
    [
      'a part that leaves the part it is in',
      [0x3a, 0x03, 0x0a, 0x20, 0x00],
      /field 1 is longer than the message it is in/,
    ],
    ['a graph that is a number', [0x38, 0x01], /field graph has wire type 0/],
    ['a name that is a number', [0x10, 0x01], /field producer_name has wire type 0/],
    ['a group', [0x0b, 0x0c], /groups are not part of the schema/],
    ['field 0', [0x00, 0x00], /not an ONNX model/],
    [
      'a number that does not end',
      [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      /not an ONNX model/,
    ],
    ['text that is not UTF-8', [0x12, 0x01, 0xff], /not an ONNX model/],
  ])('%s: refused', (_, bytes, message) => {
    expect(refusal(() => importOnnx(Uint8Array.from(bytes)))).toMatch(message);
  });

  test('with more parts than the limit is refused before it is decoded', () => {
    const parts = new Uint8Array(2 * 2 ** 21 + 4);
    for (let at = 4; at < parts.length; at += 2) parts.set([0x42, 0x00], at);
    parts.set([0x3a, 0x00, 0x3a, 0x00]);
    expect(refusal(() => importOnnx(parts))).toMatch(/the file has more than 1048576 parts/);
    expect(refusal(() => importOnnx(tiny, { limits: { messages: 3 } }))).toMatch(/more than 3 parts/);
  });

  test('with more numbers one by one than the limit is refused before it is decoded', () => {
    const model = makeModel({
      outputs: ['y'],
      nodes: [
        node('Constant', [], ['y'], {
          value: tensorValue(
            anyTensor({
              dataType: DataType.INT64,
              dims: [100n],
              int64Data: Array.from({ length: 100 }, () => 1n),
            }),
          ),
        }),
      ],
    });
    expect(refusal(() => importOnnx(model, { limits: { listedNumbers: 99 } }))).toMatch(
      /lists more than 99 numbers/,
    );
  });
});

test('names of any length and with any characters stay in one line', () => {
  const name = `a\nb\r\u0000${'x'.repeat(100_000)}`;
  const model = makeModel({
    inputs: { x: [1] },
    outputs: ['y'],
    nodes: [node('Hardmax', ['x'], ['y'], {}, { name })],
  });
  const message = refusal(() => importOnnx(model));
  expect(message).toMatch(/^1 operator\(s\) of opset 17 not supported: Hardmax \(a.*x+…$/);
  expect(message.length).toBeLessThan(1100);
});

test('limits can be set for a machine that has less', () => {
  const model = makeModel({
    inputs: { x: [100] },
    outputs: ['y'],
    initializers: [floatTensor('w', [100], new Float32Array(100))],
    nodes: [node('Add', ['x', 'w'], ['y'])],
  });
  expect(refusal(() => importOnnx(model, { limits: { tensorElements: 99 } }))).toBe(
    'x: a tensor of shape [100] is over the limit of 99 elements',
  );
});
