// What an application bundles: it runs a model frame by frame, and shows what it is told about a file that is none.
import { loadModel } from '@grim/runtime';
import * as speech from '@grim/speech';

/** Output of each of `frames`, one after another in one session of the model in `bytes`. */
export async function outputsOf(bytes, frames) {
  const session = (await loadModel(bytes)).createSession();
  return frames.map((frame) => [...session.step(Float32Array.from(frame))]);
}

/** Bits of the outputs of `frames` on as many `threads` as run, and how many these are and why. */
export async function bitsOnThreads(bytes, frames, threads) {
  const model = await loadModel(bytes, { threads });
  const session = model.createSession();
  const bits = frames.map((frame) => [
    ...new Int32Array(session.step(Float32Array.from(frame)).slice().buffer),
  ]);
  await model.close();
  return { threads: model.threads, bits };
}

/** Message of the error that loading `bytes` ends in. */
export async function refusalOf(bytes) {
  try {
    await loadModel(bytes);
    return undefined;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

export const speechExports = Object.keys(speech).sort();

globalThis.application = { bitsOnThreads, outputsOf, refusalOf, speechExports };
