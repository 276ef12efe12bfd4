import type { RateTarget } from '@grim/prune';
import { InvalidArgumentError } from 'commander';
import { parseNumber } from './numbers.ts';

/** What one of a unit is in seconds, bytes or multiply-adds. */
const units = {
  latency: { s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6 },
  size: { '': 1, B: 1, KB: 1e3, MB: 1e6, KiB: 1024, MiB: 1024 ** 2 },
  macs: { '': 1, K: 1e3, M: 1e6, G: 1e9 },
} as const satisfies Record<RateTarget['of'], Readonly<Record<string, number>>>;

const examples = { latency: '0.5x or 3ms', size: '0.3x or 200KiB', macs: '0.25x or 40M' } as const;

/** A parser of targets: a share of the dense network, `0.5x`, or a number with a unit, `3ms`. */
export function targetParser(of: RateTarget['of']): (text: string) => RateTarget {
  return (text) => {
    const [, digits = '', unit = ''] = /^([\d.]+(?:e[+-]?\d+)?)([A-Za-zµ]*)$/.exec(text) ?? [];
    const scale = Object.entries<number>(units[of]).find(([name]) => name === unit)?.[1];
    const isShare = unit === 'x';
    if (digits === '' || (scale === undefined && !isShare)) {
      throw new InvalidArgumentError(`${text} is no target of ${of}: give it as in ${examples[of]}.`);
    }
    const value = parseNumber(digits);
    if (value <= 0) throw new InvalidArgumentError('It must be more than nothing.');
    return isShare ? { of, atMost: value, isShare } : { of, atMost: value * (scale ?? 1) };
  };
}
