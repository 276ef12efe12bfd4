import { elementCount } from '@grim/ir';
import type { PortReport } from '../reports/port-report.ts';
import type { Frames } from '../run/read-frames.ts';

/**
 * Frames of reproducible noise, uniform in −1 to 1.
 *
 * @param ports - The inputs.
 * @param count - Frames.
 * @param seed - Any integer; equal seeds give equal frames.
 */
export function randomFrames(ports: readonly PortReport[], count: number, seed: number): Frames {
  return {
    count,
    at: (frame) => {
      const random = mulberry32((seed ^ Math.imul(frame + 1, 0x9e3779b9)) >>> 0);
      return Object.fromEntries(
        ports.map(({ name, shape }) => [
          name,
          Float32Array.from({ length: elementCount(shape) }, () => random() * 2 - 1),
        ]),
      );
    },
  };
}

/** Tommy Ettinger's mulberry32: small, and good enough for noise. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
