import type { ReduceFunction } from '@grim/ir';

import { add, divide, float, integer, lane, maximum, minimum, splat } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { ElementType, Expression } from '../kernel-ir/types.ts';
import type { KernelFamily, SharedLoops } from './family.ts';
import { hasHalves, loadVector, splatElement, storeFloats, wideFloatsOf } from './floats.ts';
import { kernelName } from './kernel-name.ts';
import { collapseLoops, emitLoopNest, sharedLoopsOf, type LoopNest } from './loop-nest.ts';
import { slackName, storableLanes, storeLanes } from './store-lanes.ts';

/** `output[kept] = function over reduced of x[kept, reduced]`; NaN where one is NaN, maximum and minimum included. */
export interface ReduceProblem {
  /** Floats in memory; 32 bits wide unless told otherwise. */
  readonly element?: ElementType;
  readonly function: ReduceFunction;
  /** Extents that remain, outermost first in the order of the output's memory. */
  readonly kept: readonly number[];
  /** Elements between neighbours of the input along each kept extent. */
  readonly keptInputStrides: readonly number[];
  /** Elements between neighbours of the output along each kept extent. */
  readonly outputStrides: readonly number[];
  /** Extents that are combined. */
  readonly reduced: readonly number[];
  /** Elements between neighbours of the input along each reduced extent. */
  readonly reducedStrides: readonly number[];
  /** Floats after the last output that may be overwritten. */
  readonly outputSlack: number;
}

/** Reductions have no choices yet: lanes go to kept elements where those are contiguous, else to reduced ones. */
export type ReduceSchedule = Readonly<Record<string, never>>;

const combine = { max: maximum, mean: add, min: minimum, sum: add } satisfies Record<
  ReduceFunction,
  (a: Expression, b: Expression) => Expression
>;

const initial = { max: -Infinity, mean: 0, min: Infinity, sum: 0 } satisfies Record<ReduceFunction, number>;

/** The loops over results, the output first among the operands, and whether four neighbours are computed at a time. */
function keptLoops(problem: ReduceProblem): { nest: LoopNest; lanesOverKept: boolean } {
  const nest = collapseLoops({
    extents: problem.kept,
    strides: [problem.outputStrides, problem.keptInputStrides],
  });
  return { nest, lanesOverKept: nest.strides.every((strides) => strides.at(-1) === 1) };
}

function sharedLoops(problem: ReduceProblem): SharedLoops<ReduceProblem> {
  const { nest, lanesOverKept } = keptLoops(problem);
  const [outputStrides = [], keptInputStrides = []] = nest.strides;
  const { bytes: elementBytes, lanes } = wideFloatsOf(problem.element);
  const buffers = ['output', 'input'].map((name) => ({ name, elementBytes }));
  return sharedLoopsOf(nest, buffers, lanesOverKept ? lanes : 1, (kept) => ({
    ...problem,
    kept,
    outputStrides,
    keptInputStrides,
    outputSlack: 0,
  }));
}

function lower(problem: ReduceProblem): ReturnType<KernelBuilder['build']> {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('output', 'write');
  const floats = wideFloatsOf(problem.element);
  const { bytes, vectorBytes } = floats;
  const count = problem.reduced.reduce((product, extent) => product * extent, 1);
  const { nest: kept, lanesOverKept } = keptLoops(problem);
  const reduced = collapseLoops({ extents: problem.reduced, strides: [problem.reducedStrides] });
  const step = combine[problem.function];
  const finish = (sum: Expression): Expression =>
    problem.function === 'mean' ? divide(sum, float(count)) : sum;
  const keptInner = kept.strides.map((strides) => strides.at(-1) ?? 0);
  const lanesOverReduced =
    !lanesOverKept && reduced.strides[0]?.at(-1) === 1 && (reduced.extents.at(-1) ?? 1) >= 4;

  /** Combines everything from this input offset on; `vector` loads four kept neighbours. */
  const emitSum = (source: Expression, vector: boolean): Expression => {
    const sum = builder.variable('sum', float(initial[problem.function]));
    if (!lanesOverReduced) {
      emitLoopNest(builder, reduced, [source], [bytes], ([at = source]) => {
        builder.assign(sum, step(sum, (vector ? loadVector : splatElement)(floats, 'input', at)));
      });
      return sum;
    }
    const extent = reduced.extents.at(-1) ?? 1;
    const whole = extent - (extent % 4);
    const outer = {
      extents: reduced.extents.slice(0, -1),
      strides: reduced.strides.map((s) => s.slice(0, -1)),
    };
    const rest = builder.variable('rest', float(initial[problem.function]));
    emitLoopNest(builder, outer, [source], [bytes], ([start = source]) => {
      builder.loop('element', { to: whole * bytes, step: vectorBytes }, (byte) => {
        builder.assign(sum, step(sum, loadVector(floats, 'input', add(start, byte))));
      });
      for (let element = whole; element < extent; element++) {
        builder.assign(rest, step(rest, splatElement(floats, 'input', start, element * bytes)));
      }
    });
    const halves = step(step(lane(sum, 0), lane(sum, 1)), step(lane(sum, 2), lane(sum, 3)));
    return step(splat(halves), rest);
  };

  const extent = kept.extents.at(-1) ?? 1;
  const outer = {
    extents: kept.extents.slice(0, -1),
    strides: kept.strides.map((strides) => strides.slice(0, -1)),
  };
  const zeros = [integer(0), integer(0)];
  emitLoopNest(builder, outer, zeros, [bytes, bytes], ([target = integer(0), source = integer(0)]) => {
    if (lanesOverKept) {
      const whole = extent - (extent % 4);
      builder.loop('kept', { to: whole * bytes, step: vectorBytes }, (byte) => {
        storeFloats(
          floats,
          builder,
          'output',
          builder.declare('target', add(target, byte)),
          0,
          finish(emitSum(add(source, byte), true)),
        );
      });
      const rest = extent - whole;
      if (rest > 0) {
        const result = finish(emitSum(add(source, integer(whole * bytes)), true));
        const stored = storableLanes(rest, problem.outputSlack, floats);
        storeLanes(builder, 'output', target, whole * bytes, result, stored, floats);
      }
      return;
    }
    const innermost = { extents: [extent], strides: keptInner.map((stride) => [stride]) };
    emitLoopNest(builder, innermost, [target, source], [bytes, bytes], ([to = target, from = source]) => {
      storeLanes(builder, 'output', to, 0, finish(emitSum(from, false)), 1, floats);
    });
  });
  const name = kernelName('reduce', {
    f16: hasHalves(problem),
    f: problem.function,
    e: kept.extents.join('x'),
    s: kept.strides.map((strides) => strides.join('.')).join('x'),
    over: reduced.extents.join('x'),
    by: (reduced.strides[0] ?? []).join('.'),
    slack: slackName(problem.outputSlack, floats),
  });
  return builder.build(
    name,
    `${problem.function} of ${String(count)} elements for each of ${kept.extents.join(' × ') || '1'}`,
  );
}

/** Reductions along some axes. */
export const reduce: KernelFamily<ReduceProblem, ReduceSchedule> = {
  name: 'reduce',
  defaultSchedule: () => ({}),
  refuse: () => undefined,
  sharedLoops,
  lower,
};
