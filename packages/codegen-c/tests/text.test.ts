import { runInNewContext } from 'node:vm';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  add,
  binary,
  compare,
  integer,
  KernelBuilder,
  load,
  select,
  unary,
  distinctKernels,
  type BinaryOperation,
  type Expression,
  type Kernel,
} from '@grim/kernels';

import {
  call,
  calledFunctions,
  commonWriters,
  floatLiteral,
  identifier,
  infix,
  integerLiteral,
  partsOf,
  prefix,
  primary,
  renderScalarConstant,
  renderStatements,
  withoutDeadValues,
  type Dialect,
} from '../src/index.ts';

const absent = (): never => {
  throw new TypeError('not in this language');
};

/** Integers as JavaScript writes them, so that the text can be evaluated. */
const script: Dialect = {
  valueTypes: { f32: 'float', f32x4: 'float4', i32: 'int', i32x4: 'int4' },
  expressions: {
    ...commonWriters({
      language: 'script',
      unary: { abs: {}, ceil: {}, floor: {}, nearest: {}, neg: { i32: prefix('-') }, sqrt: {}, trunc: {} },
      binary: {
        ...{ div: {}, min: {}, shiftLeft: {}, shiftRight: {}, shiftRightUnsigned: {} },
        add: { i32: infix('+') },
        and: { i32: infix('&') },
        max: { i32: call('Math.max') },
        mul: { i32: infix('*') },
        or: { i32: infix('|') },
        sub: { i32: infix('-') },
        xor: { i32: infix('^') },
      },
      conversions: {},
      bitcasts: {},
    }),
    constant: ({ value }) => renderScalarConstant('i32', value),
    load: ({ buffer, address, offset }, { pointer }) =>
      primary(`at(${pointer({ buffer, address, offset })})`),
    ...{ splat: absent, lane: absent, shuffle: absent, widen: absent, narrow: absent },
    ...{ loadSplat: absent, loadStrided: absent, loadIndex16: absent },
  },
  store: ({ value, ...access }, { bare, pointer }) => `put(${pointer(access)}, ${bare(value)})`,
};

const operations: readonly BinaryOperation[] = ['add', 'and', 'max', 'mul', 'or', 'sub', 'xor'];

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5 },
    fc.integer({ min: -9, max: 9 }).map(integer),
    fc
      .tuple(fc.constantFrom(...operations), tie('expression'), tie('expression'))
      .map(([operation, left, right]) => binary(operation, left, right)),
    tie('expression').map((operand) => unary('neg', operand)),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'), tie('expression'))
      .map(([a, b, c, d]) => select(compare('lt', a, b), c, d)),
  ),
}));

/** The value of an expression by its tree. */
function valueOf(tree: Expression): number {
  switch (tree.op) {
    case 'constant':
      return tree.value;
    case 'unary':
      return -valueOf(tree.operand);
    case 'select':
      return valueOf(tree.mask) !== 0 ? valueOf(tree.whenTrue) : valueOf(tree.whenFalse);
    case 'compare':
      return valueOf(tree.left) < valueOf(tree.right) ? 1 : 0;
    case 'binary': {
      const [left, right] = [valueOf(tree.left), valueOf(tree.right)];
      switch (tree.operation) {
        case 'add':
          return left + right;
        case 'and':
          return left & right;
        case 'max':
          return Math.max(left, right);
        case 'mul':
          return left * right;
        case 'or':
          return left | right;
        case 'sub':
          return left - right;
        default:
          return left ^ right;
      }
    }
    default:
      throw new TypeError(tree.op);
  }
}

describe('expressions', () => {
  it('have the parentheses that keep their meaning', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        // `--x` would be a decrement, in JavaScript as in C.
        const value: unknown = runInNewContext(`Number(${partsOf(script).bare(tree)})`);
        // −0 and 0 are one number here: integers have no sign of zero.
        expect(Number(value) + 0).toBe(valueOf(tree) + 0);
      }),
    );
  });

  it('name an operator that the language lacks', () => {
    expect(() => partsOf(script).bare(unary('sqrt', integer(1)))).toThrow('script has no sqrt of i32');
  });
});

describe('statements', () => {
  it('are lines with the indentation of their block', () => {
    const builder = new KernelBuilder();
    builder.buffer('out', 'write');
    const sum = builder.variable('sum', integer(0));
    builder.loop('i', { to: 8, step: 2 }, (index) => {
      builder.branch(
        compare('lt', index, integer(4)),
        () => {
          builder.assign(sum, add(sum, load('i32', 'out', index, -4)));
        },
        () => {
          builder.comment('nothing');
        },
      );
    });
    builder.store('out', integer(8), 4, sum);
    expect(renderStatements(builder.build('sample', '').body, '', script)).toEqual([
      'int sum = 0;',
      'for (int i = 0; i < 8; i += 2) {',
      '  if (i < 4) {',
      '    sum = sum + at(out + i - 4);',
      '  } else {',
      '    // nothing',
      '  }',
      '}',
      'put(out + 12, sum);',
    ]);
  });

  it('lose values that only dead values read', () => {
    const builder = new KernelBuilder();
    builder.buffer('out', 'write');
    const first = builder.declare('first', load('i32', 'out', integer(0)));
    builder.declare('second', add(first, integer(1)));
    builder.store('out', integer(0), 0, integer(1));
    expect(renderStatements(withoutDeadValues(builder.build('sample', '')).body, '', script)).toEqual([
      'put(out, 1);',
    ]);
  });
});

describe('names', () => {
  it('are legal, and no word that the language reserves', () => {
    expect(identifier('spmm_in48.4')).toBe('spmm_in48_4');
    expect(identifier('register')).toBe('register_');
    expect(identifier('kernel')).toBe('kernel');
    expect(identifier('kernel', new Set(['kernel']))).toBe('kernel_');
  });

  it('of kernels that differ must differ', () => {
    const kernel = (name: string, value: number) => {
      const builder = new KernelBuilder();
      builder.buffer('out', 'write');
      builder.store('out', integer(0), 0, integer(value));
      return builder.build(name, '');
    };
    const distinct = (...kernels: Kernel[]): Kernel[] =>
      distinctKernels(kernels, ({ name }) => identifier(name));
    expect(() => distinct(kernel('a.b', 1), kernel('a_b', 2))).toThrow('two kernels are named a_b');
    expect(distinct(kernel('a', 1), kernel('a', 1))).toHaveLength(1);
  });
});

describe('literals', () => {
  it('of floats are the shortest that read as the same float', () => {
    expect(floatLiteral(Math.fround(0.1))).toBe('0.1f');
    expect(floatLiteral(3)).toBe('3.0f');
    expect(floatLiteral(-0)).toBe('-0.0f');
    expect(floatLiteral(Infinity)).toBe('INFINITY');
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Math.fround(Number(floatLiteral(value).slice(0, -1)))).toBe(value);
      }),
    );
  });

  it('of the smallest integer are its name', () => {
    expect(integerLiteral(-(2 ** 31))).toBe('INT32_MIN');
    expect(integerLiteral(-(2 ** 31), 'INT_MIN')).toBe('INT_MIN');
    expect(integerLiteral(-5)).toBe('-5');
  });
});

it('helper functions are taken only when they are called', () => {
  const definitions = { grim_a: 'A', grim_ab: 'AB', grim_c: 'C' };
  expect(calledFunctions('x = grim_ab(grim_c(1)); // grim_a', definitions)).toEqual(['AB', 'C']);
});
