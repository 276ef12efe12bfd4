import { describeLayers, type Graph } from '@grim/ir';
import type { WeightUse } from '../selection/weight-use.ts';

/** What a network, or a part of it, takes. */
export interface Costs {
  /** Seconds of one run. */
  readonly seconds: number;
  /** Bytes of weights: pruned ones in BCRC, others dense. */
  readonly bytes: number;
  /** Multiply-adds of one run with weights that are not zero. */
  readonly macs: number;
}

/** Multiply-adds of one run for each element of each weight matrix, and those that belong to none. */
export interface MacCounts {
  /** By `layer` and position of the operand. */
  readonly perElement: (use: Pick<WeightUse, 'input' | 'layer'>) => number;
  /** Of the whole network, zeros left out. */
  readonly useful: number;
}

/** Counts multiply-adds. Those of a layer are divided among its matrices by their elements: each element takes part equally often. */
export function countMacs(graph: Graph): MacCounts {
  const perElement = new Map<string, number>();
  let useful = 0;
  for (const { name, macs, matrices } of describeLayers(graph)) {
    const elements = matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    if (elements === 0) {
      useful += macs;
      continue;
    }
    for (const { input, rows, columns, zeros } of matrices) {
      perElement.set(keyOf({ layer: name, input }), macs / elements);
      useful += (macs / elements) * (rows * columns - zeros);
    }
  }
  return { perElement: (use) => perElement.get(keyOf(use)) ?? 0, useful };
}

function keyOf({ layer, input }: Pick<WeightUse, 'input' | 'layer'>): string {
  return `${input}:${layer}`;
}

/** Bytes of dense 32-bit weights, each constant once. */
export function denseWeightBytes(uses: readonly WeightUse[]): number {
  const constants = new Map(uses.map(({ value, rows, columns }) => [value, rows * columns * 4]));
  return [...constants.values()].reduce((sum, bytes) => sum + bytes, 0);
}
