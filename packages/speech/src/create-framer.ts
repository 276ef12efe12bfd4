import { GrimError } from '@grim/ir/program';

/** Cuts a signal that arrives in pieces of any size into frames of one size. */
export interface Framer {
  /** Samples per frame. */
  readonly frameSamples: number;
  /** Samples that wait for the rest of their frame. */
  readonly pending: number;
  /**
   * Takes samples; the receiver is called for every frame they complete. Nothing is allocated.
   *
   * @param samples - Any number of samples.
   * @param count - How many of them to take, from the first; all unless told.
   * @throws GrimError when there are fewer than `count`.
   */
  push(samples: Float32Array, count?: number): void;
  /**
   * Hands out what waits as a last frame, filled up with zeros, and starts anew.
   *
   * @returns How many samples of it are not filling; 0 when nothing waited and no frame was handed out.
   */
  finish(): number;
  /** Forgets what waits. */
  reset(): void;
}

/**
 * A framer, for example between the 128-sample blocks of an AudioWorklet and the 512-sample frames of a model.
 *
 * @param frameSamples - Samples per frame, at least 1.
 * @param receive - Called with each full frame. It is the same array every time: copy what must outlive the call.
 * @throws GrimError when `frameSamples` is not a whole number of at least 1.
 */
export function createFramer(frameSamples: number, receive: (frame: Float32Array) => void): Framer {
  if (!Number.isInteger(frameSamples) || frameSamples < 1) {
    throw new GrimError(`frames of ${frameSamples} samples: expected a whole number of at least 1`);
  }
  const frame = new Float32Array(frameSamples);
  let pending = 0;
  return {
    frameSamples,
    get pending() {
      return pending;
    },
    push: (samples, count = samples.length) => {
      if (count > samples.length) {
        throw new GrimError(`${samples.length} samples to frame: expected ${count}`);
      }
      for (let index = 0; index < count; index++) {
        frame[pending++] = samples[index] ?? 0;
        if (pending === frameSamples) {
          // First: a receiver that throws leaves the framer at the start of the next frame.
          pending = 0;
          receive(frame);
        }
      }
    },
    finish: () => {
      const waiting = pending;
      if (waiting > 0) {
        frame.fill(0, waiting);
        pending = 0;
        receive(frame);
      }
      return waiting;
    },
    reset: () => {
      pending = 0;
    },
  };
}
