import type { KernelFamily, SharedLoop } from '../families/family.ts';
import type { GridChoice, GridLimits } from './grid-choice.ts';

/** A shared loop that work-items divide. */
export interface DividedLoop {
  readonly name: string;
  /** Consecutive turns of one work-item. */
  readonly itemTurns: number;
  readonly items: number;
  readonly groupItems: number;
}

/** Dimensions that a grid may have. */
const MOST_DIMENSIONS = 3;

/** Work-items of a work-group by default: one or two of the bundles that GPUs execute together. */
const GROUP_ITEMS = 64;

interface Candidate {
  readonly loop: SharedLoop;
  readonly itemTurns: number;
  readonly items: number;
}

/** The loops of a problem, and of one part of it, that have turns for several work-items. */
function candidates<Problem, Schedule>(
  family: KernelFamily<Problem, Schedule>,
  problem: Problem,
  schedule: Schedule,
  turns: Readonly<Record<string, number>>,
  known: ReadonlySet<string> = new Set(),
): Candidate[] {
  const { loops, part } = family.sharedLoops(problem, schedule);
  const own = loops
    .filter(({ name }) => !known.has(name))
    .map((loop): Candidate => {
      const asked = turns[loop.name] ?? loop.multiple;
      if (!Number.isInteger(asked) || asked < 1 || asked % loop.multiple !== 0) {
        throw new RangeError(
          `${String(asked)} turns of ${loop.name} per work-item, not a multiple of ${String(loop.multiple)}`,
        );
      }
      const itemTurns = Math.min(asked, loop.turns);
      return { loop, itemTurns, items: Math.ceil(loop.turns / itemTurns) };
    });
  if (own.length === 0) return [];
  const turnsOf = new Map(own.map(({ loop, itemTurns }) => [loop.name, itemTurns]));
  const inner = part(loops.map(({ name, turns }) => turnsOf.get(name) ?? turns));
  return [...own, ...candidates(family, inner, schedule, turns, new Set([...known, ...turnsOf.keys()]))];
}

/** Bytes from the results of one work-item to those of the next; infinite where that is not one number. */
function outputDistance({ loop, itemTurns }: Candidate): number {
  const step = Math.abs(loop.steps['output'] ?? 0);
  return step === 0 ? Infinity : step * itemTurns;
}

/**
 * The dimensions of a grid: at most three loops, with those first whose work-items write next to each other.
 *
 * @throws RangeError for a choice of loops that are not there, or of more work-items than a group may have.
 */
export function gridDimensions<Problem, Schedule>(
  family: KernelFamily<Problem, Schedule>,
  problem: Problem,
  schedule: Schedule,
  { turns = {}, group = {} }: GridChoice,
  { groupItems: most }: GridLimits,
): DividedLoop[] {
  const all = candidates(family, problem, schedule, turns);
  const names = all.map(({ loop }) => loop.name);
  const unknown = [...Object.keys(turns), ...Object.keys(group)].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`there is no loop ${unknown} to be shared; there are ${names.join(', ') || 'none'}`);
  }
  const chosen = all
    .filter(({ items }) => items > 1)
    .sort((a, b) => b.items - a.items)
    .slice(0, MOST_DIMENSIONS)
    .sort((a, b) => outputDistance(a) - outputDistance(b));
  const hasChoice = chosen.some(({ loop }) => group[loop.name] !== undefined);
  let left = Math.min(GROUP_ITEMS, most);
  const divided = chosen.map(({ loop, itemTurns, items }): DividedLoop => {
    // Parts of different length would wait for each other.
    const byDefault = hasChoice || loop.starts ? 1 : Math.min(items, left);
    const groupItems = Math.min(items, group[loop.name] ?? byDefault);
    if (!Number.isInteger(groupItems) || groupItems < 1) {
      throw new RangeError(`${String(groupItems)} work-items of a group along ${loop.name}`);
    }
    left = Math.max(1, Math.floor(left / groupItems));
    return { name: loop.name, itemTurns, items, groupItems };
  });
  const together = divided.reduce((product, { groupItems }) => product * groupItems, 1);
  if (together > most) {
    throw new RangeError(`${String(together)} work-items in a group, more than ${String(most)}`);
  }
  return divided;
}
