import { GrimError } from '@grim/ir/program';
import { indexOfNonFinite } from '../index-of-non-finite.ts';
import type { VadOptions } from './vad-options.ts';
import type { SessionState, VadModel, VadSession } from './vad-session.ts';

/** An approximated sigmoid may leave 0 to 1 by its error; what is within this of it is moved to the limit. */
const roundingSlack = 1e-3;

/** Everything that the next probability depends on beside the next frame. */
export interface VadState {
  /** The last `contextSamples` samples of the previous frame. */
  readonly context: Float32Array;
  /** State of the model. */
  readonly session: SessionState;
}

/** Voice activity detection on one stream of frames. */
export interface Vad {
  /** Samples per second of a frame. */
  readonly sampleRate: number;
  /** Samples in a frame. */
  readonly frameSamples: number;
  /** Duration of a frame in milliseconds. */
  readonly frameMs: number;
  /** One value: the probability the last `step` or `advance` found. The same array for the life of this object. */
  readonly probability: Float32Array;
  /**
   * Takes the next frame.
   *
   * @param frame - `frameSamples` samples in −1 to 1. It is copied.
   * @returns Probability that the frame holds speech, 0 to 1. Where the engine cannot keep a returned number in a
   * register it allocates a heap number for it: `advance` avoids even that.
   * @throws GrimError when the length differs or a sample is NaN or infinite (nothing was taken then), or when the
   * model gave something else than a probability.
   */
  step(frame: Float32Array): number;
  /** As `step`, but leaves the result in `probability` only: strictly no allocation on the JavaScript heap. */
  advance(frame: Float32Array): void;
  /** Back to the start of a stream: zero context, initial model state, probability 0. */
  reset(): void;
  /** A copy of context and model state. */
  getState(): VadState;
  /**
   * Continues from a state that `getState` gave.
   *
   * @throws GrimError when the context has another length or holds NaN or infinity.
   */
  setState(state: VadState): void;
}

/**
 * Detects voice activity with a model that takes one frame per step.
 *
 * Owns what the model does not: the samples of context in front of each frame. Several detectors can share a model;
 * each has a session of its own.
 *
 * @param source - A model, of which a session is made and whose input shape is checked; or a session.
 * @param options - Frame, context and rate: `sileroV5`, `sileroLegacy` or your own.
 * @throws GrimError when the model is for another rate than the frames, the sizes are no whole numbers, or the
 * input of the model has another size than context and frame together.
 */
export function createVad(source: VadModel | VadSession, options: VadOptions): Vad {
  const { modelSampleRate, frameSamples, contextSamples, sampleRate = modelSampleRate } = options;
  const context = 'createSession' in source && source.name !== undefined ? { layer: source.name } : {};
  checkSize('frameSamples', frameSamples, 1);
  checkSize('contextSamples', contextSamples, 0);
  checkSize('modelSampleRate', modelSampleRate, 1);
  if (sampleRate !== modelSampleRate) {
    throw new GrimError(
      `the model is for ${modelSampleRate} Hz and the frames are at ${sampleRate} Hz: resample to ${modelSampleRate} Hz`,
      context,
    );
  }
  const inputSamples = contextSamples + frameSamples;
  if ('createSession' in source) checkInputs(source, inputSamples, contextSamples);
  const session = 'createSession' in source ? source.createSession() : source;

  const input = new Float32Array(inputSamples);
  const probability = new Float32Array(1);

  const advance = (frame: Float32Array) => {
    if (frame.length !== frameSamples) {
      throw new GrimError(`a frame of ${frame.length} samples: expected ${frameSamples}`, context);
    }
    const index = indexOfNonFinite(frame);
    if (index >= 0) {
      throw new GrimError(`sample ${index} of the frame is ${frame[index] ?? 0}: expected −1 to 1`, context);
    }
    input.set(frame, contextSamples);
    const result = session.step(input)[0];
    if (result === undefined || !(result >= -roundingSlack && result <= 1 + roundingSlack)) {
      throw new GrimError(`the model gave ${result ?? 'nothing'}: expected a probability, 0 to 1`, context);
    }
    probability[0] = Math.min(1, Math.max(0, result));
    input.copyWithin(0, frameSamples);
  };

  return {
    sampleRate,
    frameSamples,
    frameMs: (frameSamples / sampleRate) * 1000,
    probability,
    advance,
    step: (frame) => {
      advance(frame);
      return probability[0] ?? 0;
    },
    reset: () => {
      input.fill(0);
      probability.fill(0);
      session.reset();
    },
    getState: () => ({ context: input.slice(0, contextSamples), session: session.getState() }),
    setState: (state) => {
      if (state.context.length !== contextSamples) {
        throw new GrimError(
          `a state with ${state.context.length} samples of context: expected ${contextSamples}`,
          context,
        );
      }
      const index = indexOfNonFinite(state.context);
      if (index >= 0) {
        throw new GrimError(
          `sample ${index} of the context is ${state.context[index] ?? 0}: expected −1 to 1`,
          context,
        );
      }
      // The session checks its own part; when it refuses, the context stays as it was too.
      session.setState(state.session);
      input.set(state.context);
    },
  };
}

function checkSize(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new GrimError(`${name} is ${value}: expected a whole number of at least ${least}`);
  }
}

function checkInputs(model: VadModel, inputSamples: number, contextSamples: number): void {
  const { inputs } = model;
  if (inputs === undefined) return;
  const layer = model.name === undefined ? {} : { layer: model.name };
  const [only, ...others] = inputs;
  if (only === undefined || others.length > 0) {
    const names = inputs.map((input) => input.name).join(', ');
    throw new GrimError(`the model has ${inputs.length} inputs (${names}): expected one, the samples`, layer);
  }
  const elements = only.shape.reduce((product, extent) => product * extent, 1);
  if (elements !== inputSamples) {
    throw new GrimError(
      `input "${only.name}" has shape [${only.shape.join(',')}]: expected [1,${inputSamples}], ` +
        `${contextSamples} samples of context and ${inputSamples - contextSamples} of frame`,
      layer,
    );
  }
}
