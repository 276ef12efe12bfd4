import type { ElementType, FamilyRow, GridChoice, GridLimits, KernelCase } from '@grim/kernels';

import { noise } from './noise.ts';
import type { GridCase } from './run-case.ts';

/** Inputs that several work-items read: what tests place in other memory. */
const sharedInputs = ['input', 'weights', 'index', 'bias', 'operand0'];

/** A choice that differs from case to case, and is legal for most. */
function choiceOf({ loops, buffers }: KernelCase, position: number, element: ElementType): GridChoice {
  const loop = loops[position % Math.max(1, loops.length)];
  const names = sharedInputs.filter((name) => name in buffers);
  const input = names[position % Math.max(1, names.length)] ?? '';
  switch (position % 5) {
    case 0:
      return {};
    case 1:
      return loop ? { turns: { [loop.name]: 2 * loop.multiple }, scratch: 'local' } : {};
    case 2:
      // Images hold words.
      return input === '' || element === 'f16' ? {} : { placement: { [input]: 'image' } };
    case 3:
      return input === '' ? {} : { placement: { [input]: 'local' } };
    default:
      return loop ? { group: { [loop.name]: 5 } } : {};
  }
}

/**
 * Some cases of a family, evenly spread over all, with choices of grids that change from one to the next.
 *
 * @param count - About how many cases.
 * @param element - Floats in memory, one of those that the family has.
 */
export function sampledGrids(
  family: FamilyRow,
  limits: GridLimits,
  count: number,
  seed: number,
  element: ElementType = 'f32',
): GridCase[] {
  const cases = [...family.cases(noise(seed), element)];
  const step = cases.length / Math.min(count, cases.length);
  const sampled = Array.from(
    { length: Math.min(count, cases.length) },
    (_, index) => cases[Math.floor(index * step)],
  );
  return sampled.flatMap((tested, position): GridCase[] => {
    if (!tested) return [];
    const bytesOf = (name: string): number | undefined => tested.buffers[name]?.byteLength;
    try {
      return [
        { tested, grid: tested.grid({ choice: choiceOf(tested, position, element), limits, bytesOf }) },
      ];
    } catch (error) {
      // What is refused by name runs with the default choice.
      if (!(error instanceof RangeError)) throw error;
      return [{ tested, grid: tested.grid({ limits, bytesOf }) }];
    }
  });
}
