import { integer, multiply } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import type { SpmvProblem, SpmvSchedule } from './spmv-problem.ts';

/** Calls `emit` for every tile of positions: a loop over whole tiles, then the rest. */
export function forPositionTiles(
  builder: KernelBuilder,
  problem: SpmvProblem,
  schedule: SpmvSchedule,
  emit: (first: Expression, positions: number) => void,
): void {
  const tile = Math.min(schedule.positionTile, problem.positions);
  const whole = problem.positions - (problem.positions % tile);
  builder.loop('position', { to: whole, step: tile }, (position) => {
    emit(position, tile);
  });
  if (problem.positions > whole) emit(integer(whole), problem.positions - whole);
}

/** Names `position · step` bytes. */
export function positionBase(
  builder: KernelBuilder,
  name: string,
  position: Expression,
  step: number,
): Expression {
  return builder.declare(name, multiply(position, integer(step)));
}
