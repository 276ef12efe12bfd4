// What an application bundles that uses the module of `grim compile`, which finds the model beside itself.
import { loadSampleNet } from './sample-net.mjs';

/** Output of each of `frames`, one after another in one session; of the model at `address`, if there is one. */
globalThis.outputsOf = async (frames, address) => {
  const source = address === undefined ? undefined : new URL(address, location.href);
  const session = (await loadSampleNet(source)).createSession();
  return frames.map((frame) => [...session.step({ x: Float32Array.from(frame) }).y]);
};
