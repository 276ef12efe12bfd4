// Compiled, never run: right use has to compile, and wrong use, one line each, must not.
import { loadNetwork, networkPorts } from '../snapshots/network.mjs';

const { createSession, close, runtime } = await loadNetwork();
export const threads: number = runtime.threads.count;
const session = createSession();
const image = new Float32Array(networkPorts.inputs.image.length);
const prior = new Float32Array(8);

const { features, scores } = session.run({ image, prior });
session.run();
session.input('image').fill(0);
session.input('prior').fill(0);
export const sum: number = features.length + (scores[0] ?? 0);

// @ts-expect-error -- a model without states has no steps
session.step({ image, prior });
// @ts-expect-error -- nor anything to reset
session.reset();
// @ts-expect-error -- nor a state to read
session.getState();
// @ts-expect-error -- nor one to set
session.setState({});
// @ts-expect-error -- an input is missing
session.run({ image });
// @ts-expect-error -- an output of another shape for an input
session.run({ image: features, prior });
// @ts-expect-error -- the place of one input for another
session.run({ image, prior: session.input('image') });
// @ts-expect-error -- an input that may be absent
session.run({ image, prior: undefined });
// @ts-expect-error -- no such output
export const { classes } = session.run({ image, prior });
// @ts-expect-error -- no states
export const states = networkPorts.states.peak;

await close();
