import type { RateTarget } from '@grim/prune';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { LatencyKind } from '../../latency/open-latency-model.ts';
import type { SearchSettings } from '../../prune/search-settings.ts';
import { parseNumber } from './numbers.ts';
import { targetParser } from './target.ts';

/** Flags of {@link withSearchOptions} as parsed. */
export interface SearchFlags {
  readonly targetLatency?: RateTarget;
  readonly targetSize?: RateTarget;
  readonly targetMacs?: RateTarget;
  readonly slowdown?: number;
  readonly latencyModel?: LatencyKind;
  readonly latencyCache?: string;
  readonly sensitivity?: string;
  readonly plots?: string;
}

/** Adds the options of what `grim prune` searches: targets in place of rates, blocks by latency. */
export function withSearchOptions(command: Command): Command {
  const target = (of: RateTarget['of'], what: string, example: string): Option => {
    const flag = `--target-${of}`;
    const others = ['targetLatency', 'targetSize', 'targetMacs', 'rate'];
    return new Option(`${flag} <T>`, `choose rates so that ${what} at most this, as in ${example}`)
      .argParser(targetParser(of))
      .conflicts(others.filter((other) => other.toLowerCase() !== `target${of}`));
  };
  return command
    .addOption(target('latency', 'a run takes', '0.5x of the dense network or 3ms'))
    .addOption(target('size', 'weights take', '0.3x or 200KiB'))
    .addOption(target('macs', 'a run multiplies weights that are not zero', '0.25x or 40M times'))
    .option(
      '--slowdown <F>',
      'with --block auto: how much longer than in the coarsest blocks a layer may take, default 1.1',
      slowdownFrom,
    )
    .addOption(
      new Option(
        '--latency-model <WHAT>',
        'latencies for searches: counted from the code, or measured here (default: estimate)',
      ).choices(['estimate', 'measured']),
    )
    .option('--latency-cache <FILE.json>', 'keep measured latencies here for the next search')
    .option(
      '--sensitivity <FILE.json>',
      'write error, latency, bytes and multiply-adds of every weight at several rates',
    )
    .option(
      '--plots <DIR>',
      'write SVG: the mask of every weight; with a target or --sensitivity also errors against rates and latency',
    );
}

/** The settings that flags mean. */
export function searchSettings(flags: SearchFlags): SearchSettings {
  const { slowdown, latencyModel, latencyCache, sensitivity, plots } = flags;
  const target = flags.targetLatency ?? flags.targetSize ?? flags.targetMacs;
  return {
    ...(target && { target }),
    ...(slowdown !== undefined && { slowdown }),
    ...(latencyModel && { latencyModel }),
    ...(latencyCache !== undefined && { latencyCache }),
    ...(sensitivity !== undefined && { sensitivity }),
    ...(plots !== undefined && { plots }),
  };
}

function slowdownFrom(text: string): number {
  const value = parseNumber(text);
  if (value < 1) throw new InvalidArgumentError('It must be 1 or more.');
  return value;
}
