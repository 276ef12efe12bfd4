import { lowerKernel, type KernelFamily, type PartStarts, type SharedLoop } from '../families/family.ts';
import { compare, integer } from '../kernel-ir/expressions.ts';
import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { Expression, GridDimension, Kernel } from '../kernel-ir/types.ts';
import type { KernelTarget } from '../target.ts';
import type { DividedLoop } from './grid-dimensions.ts';
import { moveBuffers } from './move-buffers.ts';
import { distance, distanceInGroup, type Move, type Moves } from './moves.ts';

/** A dimension of a grid with the loop that it divides. */
export type DividedDimension = GridDimension & Pick<DividedLoop, 'itemTurns'>;

/** What kernels are lowered by. */
interface Lowering<Problem, Schedule> {
  readonly family: KernelFamily<Problem, Schedule>;
  readonly schedule: Schedule;
  readonly target: KernelTarget;
}

/** The code of a work-item that has as many turns as any. */
interface Unit {
  readonly kernel: Kernel;
  /** Bytes of inputs that it reads. */
  readonly reads: Readonly<Record<string, number>>;
  /** How its parts of buffers move on from one work-item to the next. */
  readonly moves: Moves;
}

/** Collects the branches of a grid: for every combination of whole and last parts the code of one work-item. */
export class GridBuilder<Problem, Schedule> {
  readonly builder = new KernelBuilder();
  starts: PartStarts | undefined;
  unit: Unit | undefined;

  private readonly lowering: Lowering<Problem, Schedule>;
  private readonly dimensions: readonly DividedDimension[];
  private readonly staged: readonly string[];

  /** @param staged - Buffers that are addressed from where a group's copy of them begins. */
  constructor(
    lowering: Lowering<Problem, Schedule>,
    dimensions: readonly DividedDimension[],
    staged: readonly string[],
  ) {
    this.lowering = lowering;
    this.dimensions = dimensions;
    this.staged = staged;
  }

  /** Emits the code of work-items for a problem whose loops in `done` are divided already. */
  emit(problem: Problem, moves: Moves = new Map(), done: ReadonlySet<string> = new Set()): void {
    const { family, schedule } = this.lowering;
    const { loops, part } = family.sharedLoops(problem, schedule);
    const divides = ({ name }: SharedLoop): boolean =>
      !done.has(name) && this.dimensionOf(name) !== undefined;
    if (!loops.some(divides)) {
      this.emitUnit(problem, moves);
      return;
    }
    const divideFrom = (position: number, turns: readonly number[], moved: Moves): void => {
      const loop = loops[position];
      if (!loop) this.emit(part(turns), moved, new Set([...done, ...loops.map(({ name }) => name)]));
      else if (!divides(loop)) divideFrom(position + 1, [...turns, loop.turns], moved);
      else
        this.emitDivided(loop, moved, (count, after) => {
          divideFrom(position + 1, [...turns, count], after);
        });
    };
    divideFrom(0, [], moves);
  }

  private dimensionOf(name: string): DividedDimension | undefined {
    return this.dimensions.find((dimension) => dimension.name === name);
  }

  /** Branches on whether a work-item has all its turns of a loop, the last few, or none. */
  private emitDivided(loop: SharedLoop, moves: Moves, emit: (turns: number, moved: Moves) => void): void {
    const dimension = this.dimensionOf(loop.name);
    if (!dimension) return;
    const { itemTurns, items } = dimension;
    const index: Expression = { op: 'read', type: 'i32', name: dimension.index };
    const moved = new Map(moves);
    const move = (buffer: string, by: Move['by']): void => {
      moved.set(buffer, [...(moved.get(buffer) ?? []), { dimension, by }]);
    };
    for (const [buffer, step] of Object.entries(loop.steps)) {
      if (step !== 0) move(buffer, { kind: 'bytes', bytes: step * itemTurns });
    }
    const { starts } = loop;
    starts?.buffers.forEach((buffer, position) => {
      const words = (itemTurns / loop.multiple) * starts.buffers.length;
      move(buffer, { kind: 'starts', words, position });
    });
    this.starts ??= starts;

    const whole = Math.floor(loop.turns / itemTurns);
    const rest = loop.turns - whole * itemTurns;
    const emitWhole = (): void => {
      emit(itemTurns, moved);
    };
    const emitRest = (): void => {
      if (rest === 0) return;
      const emitLast = (): void => {
        emit(rest, moved);
      };
      if (whole + 1 === items) emitLast();
      else this.builder.branch(compare('eq', index, integer(whole)), emitLast);
    };
    if (whole === items) emitWhole();
    else if (whole === 0) emitRest();
    else this.builder.branch(compare('lt', index, integer(whole)), emitWhole, emitRest);
  }

  private emitUnit(problem: Problem, moves: Moves): void {
    const { family, schedule, target } = this.lowering;
    const kernel = lowerKernel(family, problem, schedule, target);
    const { reads = {} } = family.sharedLoops(problem, schedule);
    this.unit ??= { kernel, reads, moves };
    const distances = new Map(
      kernel.buffers.flatMap(({ name }): [string, Expression][] => {
        const ofBuffer = moves.get(name) ?? [];
        const moved = this.staged.includes(name) ? distanceInGroup(ofBuffer) : distance(ofBuffer);
        return ofBuffer.length === 0 ? [] : [[name, this.builder.declare(`${name}Origin`, moved)]];
      }),
    );
    this.builder.append(moveBuffers(kernel.body, distances));
  }
}
