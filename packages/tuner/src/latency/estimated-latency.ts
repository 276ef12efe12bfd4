import { setImmediate } from 'node:timers/promises';
import type { Graph } from '@grim/ir';
import type { CallEstimate } from '@grim/kernels';
import { sampleNetwork, type LatencyModel } from '@grim/prune';
import { lowerWithEstimates } from '../model/lower-with-estimates.ts';
import { defaultMachineRates, type MachineRates } from './machine-rates.ts';

/**
 * A {@link LatencyModel} from what the code of the kernels does, without running it: operations and bytes of the kernel IR, over
 * what a machine does in a second. A kernel takes as long as the slowest of its operations, its loads and stores, and the bytes it
 * moves (the roofline model; Williams, Waterman and Patterson, 2009), and the time of a call beside it.
 *
 * It is quick and the same everywhere. It knows what padding, short column lists and scattered sums cost in operations and loads,
 * and nothing of registers, branches and caches: measure where a few percent matter.
 *
 * @param rates - The machine.
 */
export function estimatedLatency(rates: MachineRates = defaultMachineRates): LatencyModel {
  return {
    source: { kind: 'estimate', device: rates.device, features: ['simd128'] },
    layers: async (samples, onProgress) => {
      const seconds: number[] = [];
      for (const sample of samples) {
        seconds.push(await networkSeconds(sampleNetwork(sample), rates, (path) => path !== 'copy'));
        onProgress?.(seconds.length, samples.length);
        // Counting never waits for the system: signals and screens get their turn here.
        await setImmediate();
      }
      return seconds;
    },
    networks: async (graphs) => {
      const seconds: number[] = [];
      for (const graph of graphs) seconds.push(await networkSeconds(graph, rates, () => true));
      return seconds;
    },
  };
}

/** Sums over the calls that count. Copies of a lone layer do not: in a network the layer before writes where it reads. */
async function networkSeconds(
  graph: Graph,
  rates: MachineRates,
  counts: (path: string) => boolean,
): Promise<number> {
  const { program, estimates } = await lowerWithEstimates(graph);
  return program.calls.reduce((sum, { path }, index) => {
    const estimate = estimates[index];
    return estimate && counts(path) ? sum + callSeconds(estimate, rates) : sum;
  }, 0);
}

function callSeconds(call: CallEstimate, rates: MachineRates): number {
  const { multiplyAdds, otherOperations, constants, arena } = call;
  const operations = (multiplyAdds + otherOperations) / rates.operations;
  const cached = constants.loadedBytes + constants.storedBytes + arena.loadedBytes + arena.storedBytes;
  const moved = constants.touchedBytes + arena.touchedBytes;
  return rates.callSeconds + Math.max(operations, cached / rates.cachedBytes, moved / rates.movedBytes);
}
