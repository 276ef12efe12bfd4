import { GrimError } from '@grim/ir';
import { isTraining } from './prune-settings.ts';
import type { PruneOptions } from './prune-options.ts';

/**
 * Refuses options that contradict each other, or that would not be used.
 *
 * @throws GrimError naming them.
 */
export function checkPruneSettings({
  method,
  rate,
  rateOf,
  block,
  target,
  slowdown,
  latencyModel,
  latencyCache,
  sensitivity,
  checkpoint,
  data,
  hop,
  sampleRate,
}: Omit<PruneOptions, 'model' | 'output'>): void {
  if (rate === undefined && !target) {
    throw new GrimError(
      'how far to prune is not given: --rate, or one of --target-latency, --target-size and --target-macs',
    );
  }
  if (rate !== undefined && target) {
    throw new GrimError(
      `--rate and --target-${target.of} exclude each other: rates are chosen for the target`,
    );
  }
  if (rateOf === 'model' && (target ?? method !== 'reconstruct')) {
    throw new GrimError('--rate-of model is for --method reconstruct with a --rate');
  }
  if (slowdown !== undefined && block !== 'auto') throw new GrimError('--slowdown is for --block auto');
  const triesRates = target !== undefined || sensitivity !== undefined;
  if ((latencyModel ?? latencyCache) !== undefined && block !== 'auto' && !triesRates) {
    throw new GrimError(
      '--latency-model and --latency-cache are for --block auto, targets and --sensitivity',
    );
  }
  if (latencyCache !== undefined && latencyModel !== 'measured') {
    throw new GrimError('--latency-cache is for --latency-model measured');
  }
  if (checkpoint !== undefined && latencyModel === 'measured') {
    throw new GrimError(
      '--checkpoint is not for --latency-model measured: what is measured is not the same again; search first, then train with the blocks and rates found',
    );
  }
  if (method !== 'magnitude') {
    if (data === undefined) {
      const needed = isTraining(method) ? 'examples' : 'calibration inputs';
      throw new GrimError(`--method ${method} needs ${needed}: --data name=FILE`);
    }
    return;
  }
  if ((data ?? hop ?? sampleRate) !== undefined && !triesRates) {
    throw new GrimError(
      '--data, --hop and --sample-rate are for methods other than magnitude, targets and --sensitivity',
    );
  }
}
