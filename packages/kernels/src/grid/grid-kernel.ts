import { lowerKernel, type KernelFamily, type PartStarts } from '../families/family.ts';
import type { Grid, Kernel, ScratchBuffer } from '../kernel-ir/types.ts';
import { leastTarget, type KernelTarget } from '../target.ts';
import { GridBuilder, type DividedDimension } from './grid-builder.ts';
import type { GridChoice, GridLimits, InputPlacement } from './grid-choice.ts';
import { gridDimensions } from './grid-dimensions.ts';
import { startsBuffer } from './moves.ts';
import { stagedBuffers, stagedBytes } from './staged-buffers.ts';

/** A kernel that work-items share. */
export interface GridKernel {
  readonly kernel: Kernel;
  /** What buffer `starts` has to hold; absent where the kernel has none. */
  readonly starts?: PartStarts;
}

/** What a grid is made for. */
export interface GridOptions {
  readonly choice?: GridChoice;
  readonly limits: GridLimits;
  /** What the schedule may count on; the least unless told. */
  readonly target?: KernelTarget;
  /** Bytes of a buffer from its address 0 on; nothing where that is not known. */
  readonly bytesOf?: (buffer: string) => number | undefined;
}

/** Refuses placements of buffers that are not there or cannot be images, and more local memory than there is. */
function checkMemory({ buffers }: Kernel, grid: Grid, { choice, limits, bytesOf }: GridOptions): void {
  const names = buffers.map(({ name }) => name);
  const unknown = Object.keys(choice?.placement ?? {}).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`there is no buffer ${unknown} to be placed; there are ${names.join(', ')}`);
  }
  for (const image of grid.images) {
    if (buffers.find(({ name }) => name === image)?.access !== 'read') {
      throw new RangeError(`${image} is not only read: it cannot be an image`);
    }
    const bytes = bytesOf?.(image) ?? 0;
    if (limits.imageBytes < Math.max(1, bytes)) {
      throw new RangeError(
        `${image} has ${String(bytes)} bytes, an image at most ${String(limits.imageBytes)}`,
      );
    }
  }
  const items = grid.dimensions.reduce((product, { groupItems }) => product * groupItems, 1);
  const staged = grid.staged.reduce((sum, { bytes }) => sum + stagedBytes(bytes), 0);
  const scratch = grid.scratch
    .filter(({ placement }) => placement === 'local')
    .reduce((sum, { bytes }) => sum + bytes * items, 0);
  if (staged + scratch > limits.localBytes) {
    throw new RangeError(
      `${String(staged + scratch)} bytes of local memory, more than the ${String(limits.localBytes)} of a work-group`,
    );
  }
}

/** What a kernel's name says about its grid. */
function gridName(dimensions: readonly DividedDimension[], { placement, scratch }: GridChoice): string {
  const divided = dimensions.map(
    ({ name, itemTurns, groupItems }) =>
      `${name.replaceAll(' ', '.')}.${String(itemTurns)}x${String(groupItems)}`,
  );
  const placed = Object.entries(placement ?? {}).flatMap(([name, place]) =>
    place === 'buffer' ? [] : [`${name}.${place}`],
  );
  const own = scratch === 'local' ? ['scratch.local'] : [];
  return ['g', ...divided, ...placed, ...own].join('_');
}

function build<Problem, Schedule>(
  family: KernelFamily<Problem, Schedule>,
  problem: Problem,
  schedule: Schedule,
  options: GridOptions,
): GridKernel {
  const { choice = {}, limits, bytesOf = () => undefined, target = leastTarget } = options;
  const { name, summary } = lowerKernel(family, problem, schedule, target);
  const dimensions = gridDimensions(family, problem, schedule, choice, limits).map(
    ({ items, ...divided }, position): DividedDimension => ({
      ...divided,
      items,
      index: `item${String(position)}`,
      first: `firstItem${String(position)}`,
    }),
  );
  const placed = (wanted: InputPlacement): string[] =>
    Object.entries(choice.placement ?? {}).flatMap(([buffer, place]) => (place === wanted ? [buffer] : []));
  const staged = placed('local');
  const grid = new GridBuilder({ family, schedule, target }, dimensions, staged);
  grid.emit(problem);
  const { builder, starts, unit } = grid;
  if (!unit) throw new TypeError(`${name}: a grid without work-items`);
  const { buffers } = unit.kernel;
  const scratch = buffers.flatMap(({ name: buffer, scratchBytes }): ScratchBuffer[] =>
    scratchBytes === undefined
      ? []
      : [{ name: buffer, bytes: scratchBytes, placement: choice.scratch ?? 'private' }],
  );
  for (const buffer of buffers) {
    if (buffer.scratchBytes === undefined) builder.buffer(buffer.name, buffer.access);
  }
  if (starts) builder.buffer(startsBuffer, 'read');
  const kernel = builder.build(`${name}_${gridName(dimensions, choice)}`, summary);
  const ofItems: Grid = {
    dimensions: dimensions.map(({ itemTurns: _, ...dimension }) => dimension),
    staged: stagedBuffers(unit, staged, bytesOf),
    images: placed('image'),
    scratch,
  };
  checkMemory(kernel, ofItems, options);
  return { kernel: { ...kernel, grid: ofItems }, ...(starts ? { starts } : {}) };
}

/**
 * Lowers a problem to a kernel that work-items share: each computes some turns of the loops that its family says can be shared,
 * with the bits that the whole kernel gives.
 *
 * @throws RangeError naming the family, for schedules and choices that cannot be used.
 */
export function gridKernel<Problem, Schedule>(
  family: KernelFamily<Problem, Schedule>,
  problem: NoInfer<Problem>,
  schedule: NoInfer<Schedule>,
  options: GridOptions,
): GridKernel {
  try {
    return build(family, problem, schedule, options);
  } catch (error) {
    if (!(error instanceof RangeError) || error.message.startsWith(`${family.name}: `)) throw error;
    throw new RangeError(`${family.name}: ${error.message}`, { cause: error });
  }
}
