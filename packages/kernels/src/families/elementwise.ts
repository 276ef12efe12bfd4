import type { Activation, BinaryFunction } from '@grim/ir';

import {
  add,
  divide,
  float,
  integer,
  load,
  loadSplat,
  maximum,
  minimum,
  multiply,
  subtract,
} from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression } from '../kernel-ir/types.ts';
import { emitActivation } from '../math/activation.ts';
import type { KernelFamily, SharedLoops } from './family.ts';
import { activationName, kernelName } from './kernel-name.ts';
import { collapseLoops, emitLoopNest, sharedLoopsOf, type LoopNest } from './loop-nest.ts';
import type { ScheduleDescription } from './schedule-description.ts';
import { storableLanes, storeLanes } from './store-lanes.ts';

/** What is computed for one element. */
export type ElementwiseExpression =
  | { readonly kind: 'operand'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'unary'; readonly activation: Activation; readonly x: ElementwiseExpression }
  | {
      readonly kind: 'binary';
      readonly function: Exclude<BinaryFunction, 'pow'>;
      readonly a: ElementwiseExpression;
      readonly b: ElementwiseExpression;
    };

/**
 * `output[i] = expression(operand 0 [i], operand 1 [i], …)` over strided, broadcast operands.
 *
 * With an expression that is its only operand this copies between layouts (slices, concatenation, transposition,
 * padding); with one that is constant it fills.
 */
export interface ElementwiseProblem {
  /** Extents, outermost first in the order of the output's memory. */
  readonly extents: readonly number[];
  /** Per operand, elements between neighbours along each extent; 0 where broadcast, negative where reversed. */
  readonly operandStrides: readonly (readonly number[])[];
  /** Elements between neighbours of the output along each extent. */
  readonly outputStrides: readonly number[];
  readonly expression: ElementwiseExpression;
  /** Floats after the last element of the innermost extent that may be overwritten. */
  readonly outputSlack: number;
}

/** Vectors of the innermost extent computed in one turn of its loop. */
export interface ElementwiseSchedule {
  readonly unroll: 1 | 2 | 4;
}

const binaryFunctions = {
  add,
  div: divide,
  max: maximum,
  min: minimum,
  mul: multiply,
  sub: subtract,
} satisfies Record<Exclude<BinaryFunction, 'pow'>, (a: Expression, b: Expression) => Expression>;

function emitExpression(
  builder: KernelBuilder,
  expression: ElementwiseExpression,
  operand: (index: number) => Expression,
): Expression {
  switch (expression.kind) {
    case 'operand':
      return operand(expression.index);
    case 'constant':
      return float(expression.value);
    case 'unary':
      return emitActivation(builder, expression.activation, emitExpression(builder, expression.x, operand));
    case 'binary':
      return binaryFunctions[expression.function](
        emitExpression(builder, expression.a, operand),
        emitExpression(builder, expression.b, operand),
      );
  }
}

function describe(expression: ElementwiseExpression): string {
  switch (expression.kind) {
    case 'operand':
      return `x${String(expression.index)}`;
    case 'constant':
      return String(expression.value).replace('-', 'm');
    case 'unary':
      return `${activationName(expression.activation) ?? ''}.${describe(expression.x)}.`;
    case 'binary':
      return `${expression.function}.${describe(expression.a)}.${describe(expression.b)}.`;
  }
}

const operandBuffer = (index: number): string => `operand${String(index)}`;

/** The loops of a problem, the output first among the operands, and whether four elements are computed at a time. */
function walkOf(problem: ElementwiseProblem): { nest: LoopNest; vectorised: boolean } {
  const nest = collapseLoops({
    extents: problem.extents,
    strides: [problem.outputStrides, ...problem.operandStrides],
  });
  const extent = nest.extents.at(-1) ?? 1;
  const [outputStride = 1, ...operandStrides] = nest.strides.map((strides) => strides.at(-1) ?? 0);
  const vectorised =
    (outputStride === 1 || extent === 1) &&
    operandStrides.every((stride) => stride === 0 || stride === 1 || extent === 1);
  return { nest, vectorised };
}

function sharedLoops(
  problem: ElementwiseProblem,
  { unroll }: ElementwiseSchedule,
): SharedLoops<ElementwiseProblem> {
  const { nest, vectorised } = walkOf(problem);
  const buffers = ['output', ...problem.operandStrides.map((_, index) => operandBuffer(index))];
  const [outputStrides = [], ...operandStrides] = nest.strides;
  const shared = sharedLoopsOf(nest, buffers, vectorised ? 4 * unroll : 1, (extents) => ({
    ...problem,
    extents,
    outputStrides,
    operandStrides,
    outputSlack: 0,
  }));
  const [outer, middle, ...others] = shared.loops;
  if (!outer || !middle || others.length === 0) return shared;
  // Of an image, rows of pixels before channels: convolutions are divided that way, and every thread finds what it wrote.
  return {
    loops: [middle, outer, ...others],
    part: ([middleTurns = 1, outerTurns = 1, ...turns]) => shared.part([outerTurns, middleTurns, ...turns]),
  };
}

function lower(
  problem: ElementwiseProblem,
  schedule: ElementwiseSchedule,
): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  const operands = problem.operandStrides.map((_, index) => builder.buffer(operandBuffer(index), 'read'));
  const output = builder.buffer('output', 'write');
  const { nest, vectorised } = walkOf(problem);
  const inner = nest.strides.map((strides) => strides.at(-1) ?? 0);
  const extent = nest.extents.at(-1) ?? 1;
  const outer = {
    extents: nest.extents.slice(0, -1),
    strides: nest.strides.map((strides) => strides.slice(0, -1)),
  };
  const operandStrides = inner.slice(1);

  /** Computes the elements at these byte offsets, plus a constant, and stores `lanes` of them. */
  const emitElements = (offsets: readonly Expression[], constant: number, lanes: number): void => {
    const [target = integer(0), ...sources] = offsets;
    const value = emitExpression(builder, problem.expression, (index) => {
      const buffer = operands[index] ?? '';
      const source = sources[index] ?? integer(0);
      return vectorised && operandStrides[index] === 1
        ? load('f32x4', buffer, source, constant)
        : loadSplat(buffer, source, operandStrides[index] === 0 ? 0 : constant);
    });
    storeLanes(builder, output, target, constant, value, lanes);
  };

  emitLoopNest(
    builder,
    outer,
    nest.strides.map(() => integer(0)),
    (starts) => {
      if (!vectorised) {
        emitLoopNest(
          builder,
          { extents: [extent], strides: inner.map((stride) => [stride]) },
          starts,
          (offsets) => {
            emitElements(offsets, 0, 1);
          },
        );
        return;
      }
      const width = 4 * schedule.unroll;
      const whole = extent - (extent % width);
      builder.loop('element', { to: whole * 4, step: width * 4 }, (byte) => {
        const offsets = starts.map((start, i) =>
          inner[i] === 1 ? builder.declare('at', add(start, byte)) : start,
        );
        for (let vector = 0; vector < schedule.unroll; vector++) emitElements(offsets, vector * 16, 4);
      });
      for (let element = whole; element < extent; element += 4) {
        const rest = extent - element;
        emitElements(starts, element * 4, storableLanes(rest, problem.outputSlack));
      }
    },
  );
  const name = kernelName('elementwise', {
    e: nest.extents.join('x'),
    s: nest.strides.map((strides) => strides.join('.')).join('x'),
    f: describe(problem.expression),
    slack: problem.outputSlack > 0 ? Math.min(3, problem.outputSlack) : undefined,
    t: schedule.unroll,
  });
  return builder.build(name, `elementwise over ${nest.extents.join(' × ')}: ${describe(problem.expression)}`);
}

/** The choices of `elementwise`. */
export const elementwiseChoices: ScheduleDescription<ElementwiseSchedule> = {
  unroll: {
    values: [1, 2, 4],
    means: 'vectors of the innermost extent in one turn of its loop',
    byDefault: '1',
  },
};

/** Elementwise chains, and copies between layouts. */
export const elementwise: KernelFamily<ElementwiseProblem, ElementwiseSchedule> = {
  name: 'elementwise',
  defaultSchedule: () => ({ unroll: 1 }),
  refuse: (problem) =>
    problem.operandStrides.some((strides) => strides.length !== problem.extents.length) ||
    problem.outputStrides.length !== problem.extents.length
      ? 'every operand needs one stride per extent'
      : undefined,
  sharedLoops,
  lower,
};
