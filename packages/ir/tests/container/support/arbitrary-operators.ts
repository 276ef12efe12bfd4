import type { Activation, Operator, OperatorKind, OperatorOf } from '../../../src/index.ts';
import fc from 'fast-check';

const count = fc.nat({ max: 2 ** 31 });
const counts = fc.array(count, { maxLength: 4 });
const steps = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 4 });
const real = fc.double({ noNaN: true });

const activation = fc.record(
  {
    function: fc.constantFrom(
      'abs',
      'exp',
      'hardSigmoid',
      'hardSwish',
      'leakyRelu',
      'log',
      'neg',
      'relu',
      'sigmoid',
      'sqrt',
      'square',
      'tanh',
    ),
    alpha: real,
    beta: real,
  },
  { noNullPrototype: true, requiredKeys: ['function'] },
) satisfies fc.Arbitrary<Activation>;

const direction = fc.constantFrom('forward', 'reverse');

/** Operators of each kind with any attributes that can be stored, whether they make sense together or not. */
export const operators: { readonly [Kind in OperatorKind]: fc.Arbitrary<OperatorOf<Kind>> } = {
  binary: fc.record(
    {
      kind: fc.constant('binary'),
      function: fc.constantFrom('add', 'div', 'max', 'min', 'mul', 'pow', 'sub'),
      activation,
    },
    { noNullPrototype: true, requiredKeys: ['kind', 'function'] },
  ),
  concat: fc.record({ kind: fc.constant('concat'), axis: count }, { noNullPrototype: true }),
  conv: fc.record(
    {
      kind: fc.constant('conv'),
      strides: counts,
      padsBegin: counts,
      padsEnd: counts,
      dilations: counts,
      groups: count,
      activation,
      fixed: fc.string(),
    },
    {
      noNullPrototype: true,
      requiredKeys: ['kind', 'strides', 'padsBegin', 'padsEnd', 'dilations', 'groups'],
    },
  ),
  custom: fc.record(
    {
      kind: fc.constant('custom'),
      function: fc.string(),
      attributes: fc.array(
        fc.record({ name: fc.string(), values: fc.array(real) }, { noNullPrototype: true }),
      ),
      outputShapes: fc.array(counts),
    },
    { noNullPrototype: true },
  ),
  foldWindows: fc.record(
    { kind: fc.constant('foldWindows'), size: count, stride: count },
    { noNullPrototype: true },
  ),
  gru: fc.record(
    {
      kind: fc.constant('gru'),
      hidden: count,
      direction,
      linearBeforeReset: fc.boolean(),
      activations: fc.tuple(activation, activation),
    },
    { noNullPrototype: true },
  ),
  layerNorm: fc.record(
    { kind: fc.constant('layerNorm'), axis: count, epsilon: real },
    { noNullPrototype: true },
  ),
  linear: fc.record(
    { kind: fc.constant('linear'), activation, fixed: fc.string() },
    { noNullPrototype: true, requiredKeys: ['kind'] },
  ),
  lstm: fc.record(
    {
      kind: fc.constant('lstm'),
      hidden: count,
      direction,
      activations: fc.tuple(activation, activation, activation),
    },
    { noNullPrototype: true },
  ),
  pad: fc.record(
    {
      kind: fc.constant('pad'),
      mode: fc.constantFrom('constant', 'edge', 'reflect'),
      begin: steps,
      end: steps,
      value: real,
    },
    { noNullPrototype: true },
  ),
  pool: fc.record(
    {
      kind: fc.constant('pool'),
      function: fc.constantFrom('average', 'max'),
      kernel: counts,
      strides: counts,
      padsBegin: counts,
      padsEnd: counts,
      dilations: counts,
      countIncludePad: fc.boolean(),
    },
    { noNullPrototype: true },
  ),
  reduce: fc.record(
    {
      kind: fc.constant('reduce'),
      function: fc.constantFrom('max', 'mean', 'min', 'sum'),
      axes: counts,
      keepDims: fc.boolean(),
    },
    { noNullPrototype: true },
  ),
  reshape: fc.record({ kind: fc.constant('reshape'), shape: counts }, { noNullPrototype: true }),
  resize: fc.record(
    {
      kind: fc.constant('resize'),
      interpolation: fc.constantFrom(
        'linear',
        'nearestCeil',
        'nearestFloor',
        'nearestRoundPreferCeil',
        'nearestRoundPreferFloor',
      ),
      coordinates: fc.constantFrom('alignCorners', 'asymmetric', 'halfPixel', 'pytorchHalfPixel'),
      sizes: counts,
      scales: fc.array(real),
    },
    { noNullPrototype: true },
  ),
  slice: fc.record(
    { kind: fc.constant('slice'), starts: counts, sizes: counts, steps },
    { noNullPrototype: true },
  ),
  softmax: fc.record({ kind: fc.constant('softmax'), axis: count }, { noNullPrototype: true }),
  transpose: fc.record({ kind: fc.constant('transpose'), permutation: counts }, { noNullPrototype: true }),
  unary: fc.record({ kind: fc.constant('unary'), activation }, { noNullPrototype: true }),
};

/** Any operator. */
export const anyOperator: fc.Arbitrary<Operator> = fc.oneof(...Object.values(operators));
