import type { Activation, BinaryFunction, UnaryFunction } from '@grim/ir';

import { add, divide, integer, maximum, minimum, multiply, subtract } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import { roundToHalf } from '../kernel-ir/half.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';
import { emitActivation } from '../math/activation.ts';
import type { KernelFamily, SharedLoops } from './family.ts';
import {
  constantOf,
  floatsOf,
  hasHalves,
  loadVector,
  splatElement,
  wideFloatsOf,
  type Floats,
} from './floats.ts';
import { activationName, kernelName } from './kernel-name.ts';
import { collapseLoops, emitLoopNest, sharedLoopsOf, type LoopNest } from './loop-nest.ts';
import type { ScheduleDescription } from './schedule-description.ts';
import { slackName, storableLanes, storeLanes } from './store-lanes.ts';

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
  /** Floats of the output in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
  /** Floats of the operands in memory, those of the output unless told otherwise: where they differ they are converted. */
  readonly operandElements?: readonly ElementType[];
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
  floats: Floats,
  expression: ElementwiseExpression,
  operand: (index: number) => Expression,
): Expression {
  const emit = (part: ElementwiseExpression): Expression => emitExpression(builder, floats, part, operand);
  switch (expression.kind) {
    case 'operand':
      return operand(expression.index);
    case 'constant':
      return constantOf(floats, expression.value);
    case 'unary':
      return emitActivation(builder, expression.activation, emit(expression.x));
    case 'binary':
      return binaryFunctions[expression.function](emit(expression.a), emit(expression.b));
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

const exactBinaryFunctions: ReadonlySet<BinaryFunction> = new Set(['max', 'min']);
const exactUnaryFunctions: ReadonlySet<UnaryFunction> = new Set(['abs', 'neg', 'relu']);
const roundedUnaryFunctions: ReadonlySet<UnaryFunction> = new Set(['sqrt', 'square']);

/** How often a result is rounded on its way; infinity for functions that are series, and constants that are no halves. */
function roundings(expression: ElementwiseExpression): number {
  switch (expression.kind) {
    case 'operand':
      return 0;
    case 'constant':
      return Object.is(roundToHalf(expression.value), expression.value) ? 0 : Infinity;
    case 'unary': {
      const { function: name } = expression.activation;
      if (exactUnaryFunctions.has(name)) return roundings(expression.x);
      return roundedUnaryFunctions.has(name) ? 1 + roundings(expression.x) : Infinity;
    }
    case 'binary': {
      const own = exactBinaryFunctions.has(expression.function) ? 0 : 1;
      return own + roundings(expression.a) + roundings(expression.b);
    }
  }
}

/** Floats of the output, then of the operands: computed with as halves where one rounding makes each result of halves. */
function floatsOfOperands(problem: ElementwiseProblem): readonly [Floats, ...Floats[]] {
  const { element = 'f32', operandStrides, expression } = problem;
  const elements = operandStrides.map((_, index) => problem.operandElements?.[index] ?? element);
  const choose =
    elements.every((other) => other === element) && roundings(expression) <= 1 ? floatsOf : wideFloatsOf;
  return [choose(element), ...elements.map(choose)];
}

/** The loops of a problem, the output first among the operands, and whether a vector of elements is computed at a time. */
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
  const floats = floatsOfOperands(problem);
  const buffers = floats.map(({ bytes: elementBytes }, index) => ({
    name: index === 0 ? 'output' : operandBuffer(index - 1),
    elementBytes,
  }));
  const [outputStrides = [], ...operandStrides] = nest.strides;
  const shared = sharedLoopsOf(nest, buffers, vectorised ? floats[0].lanes * unroll : 1, (extents) => ({
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
  const [outputFloats, ...operandFloats] = floatsOfOperands(problem);
  const elementBytes = [outputFloats, ...operandFloats].map(({ bytes }) => bytes);
  const { lanes: vectorLanes } = outputFloats;

  /** Computes the elements at these byte offsets, plus a number of elements, and stores `lanes` of them. */
  const emitElements = (offsets: readonly Expression[], elements: number, lanes: number): void => {
    const [target = integer(0), ...sources] = offsets;
    const value = emitExpression(builder, outputFloats, problem.expression, (index) => {
      const buffer = operands[index] ?? '';
      const source = sources[index] ?? integer(0);
      const floats = operandFloats[index] ?? outputFloats;
      const constant = elements * floats.bytes;
      return vectorised && operandStrides[index] === 1
        ? loadVector(floats, buffer, source, constant)
        : splatElement(floats, buffer, source, operandStrides[index] === 0 ? 0 : constant);
    });
    storeLanes(builder, output, target, elements * outputFloats.bytes, value, lanes, outputFloats);
  };

  emitLoopNest(
    builder,
    outer,
    nest.strides.map(() => integer(0)),
    elementBytes,
    (starts) => {
      if (!vectorised) {
        emitLoopNest(
          builder,
          { extents: [extent], strides: inner.map((stride) => [stride]) },
          starts,
          elementBytes,
          (offsets) => {
            emitElements(offsets, 0, 1);
          },
        );
        return;
      }
      const width = vectorLanes * schedule.unroll;
      const whole = extent - (extent % width);
      // Counted in bytes of the smallest elements, of which the others are multiples.
      const unit = Math.min(...elementBytes);
      builder.loop('element', { to: whole * unit, step: width * unit }, (byte) => {
        const offsets = starts.map((start, i) => {
          const own = multiply(byte, integer((elementBytes[i] ?? unit) / unit));
          return inner[i] === 1 ? builder.declare('at', add(start, own)) : start;
        });
        for (let vector = 0; vector < schedule.unroll; vector++) {
          emitElements(offsets, vector * vectorLanes, vectorLanes);
        }
      });
      for (let element = whole; element < extent; element += vectorLanes) {
        const rest = extent - element;
        emitElements(starts, element, storableLanes(rest, problem.outputSlack, outputFloats));
      }
    },
  );
  const from = [...new Set(problem.operandElements)].filter(
    (element) => element !== (problem.element ?? 'f32'),
  );
  const name = kernelName('elementwise', {
    f16: hasHalves(problem),
    from: from[0],
    e: nest.extents.join('x'),
    s: nest.strides.map((strides) => strides.join('.')).join('x'),
    f: describe(problem.expression),
    slack: slackName(problem.outputSlack, outputFloats),
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
