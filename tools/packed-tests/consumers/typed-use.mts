// Right use of the module of `grim compile`, which has to compile, and wrong use, which must not.
import { loadSampleNet, sampleNetPorts, type SampleNetStates } from './sample-net.mjs';

const session = (await loadSampleNet()).createSession();
const x = new Float32Array(sampleNetPorts.inputs.x.length);
const { y } = session.step({ x });
const states: SampleNetStates = session.getState();
session.setState({ previous: states.previous });
export const extent: 4 = sampleNetPorts.inputs.x.shape[1];
export const first: number | undefined = y[0];

// @ts-expect-error -- no such input
session.step({ input: x });
// @ts-expect-error -- 1 × 3 is not 1 × 4
session.step({ x: y });
// @ts-expect-error -- a model with states steps
session.run({ x });
// @ts-expect-error -- no such state
session.setState({ next: states.previous });
