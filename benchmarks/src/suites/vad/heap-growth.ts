import { getHeapStatistics } from 'node:v8';
import { median } from 'simple-statistics';

/** Repetitions of which the median is taken: what else happens in the process spoils a few at most. */
const repetitions = 9;
const callsPerRepetition = 2000;

/**
 * Bytes that one call leaves on the heap of JavaScript, once it has been compiled.
 *
 * What reading the statistics itself allocates is measured the same way and taken off.
 *
 * @param call - Runs often.
 * @returns Bytes per call, 0 or more.
 */
export function heapGrowth(call: () => unknown): number {
  for (let warmup = 0; warmup < callsPerRepetition; warmup++) call();
  const grown = median(Array.from({ length: repetitions }, () => grownBy(call, callsPerRepetition)));
  const reading = median(Array.from({ length: repetitions }, () => grownBy(call, 0)));
  return Math.max(0, grown - reading) / callsPerRepetition;
}

function grownBy(call: () => unknown, calls: number): number {
  const before = getHeapStatistics().used_heap_size;
  for (let count = 0; count < calls; count++) call();
  return getHeapStatistics().used_heap_size - before;
}
