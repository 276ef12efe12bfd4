// Compiled, never run: right use has to compile, and wrong use, one line each, must not.
import {
  loadRecurrent,
  recurrentPorts,
  type RecurrentInputs,
  type RecurrentStates,
} from '../snapshots/recurrent.mjs';
import { loadNetwork } from '../snapshots/network.mjs';

const model = await loadRecurrent();
await loadRecurrent(new Uint8Array(4), { threads: 2, strict: true });
await loadRecurrent(new ArrayBuffer(4));
await loadRecurrent(new URL('https://example.org/recurrent.grim'));
// @ts-expect-error -- a path is no URL object
await loadRecurrent('recurrent.grim');
// @ts-expect-error -- no such option
await loadRecurrent(new Uint8Array(4), { thread: 2 });

const session = model.createSession();
const frame = new Float32Array(recurrentPorts.inputs.frame.length);

// A plain array fits, and so does an output of the same shape.
const { total } = session.step({ frame });
session.step({ frame: total });
session.input('frame').set(frame);
session.step();

// @ts-expect-error -- a recurrent model steps
session.run({ frame });
// @ts-expect-error -- misspelt input
session.step({ frames: frame });
// @ts-expect-error -- missing input
session.step({});
// @ts-expect-error -- one input too many
session.step({ frame, other: frame });
// @ts-expect-error -- inputs go by name
session.step(frame);
// @ts-expect-error -- a list of numbers
session.step({ frame: [1, 2, 3, 4, 5, 6] });
// @ts-expect-error -- numbers of 64 bits
session.step({ frame: new Float64Array(6) });
// @ts-expect-error -- no such output
export const { peak: missingOutput } = session.step({ frame });
// @ts-expect-error -- no such input
session.input('total');
// @ts-expect-error -- the arrays of outputs stay the same
session.step({ frame }).total = frame;

const states: RecurrentStates = session.getState();
session.setState(states);
session.setState({ peak: states.peak, total: new Float32Array(6) });
session.reset();
// @ts-expect-error -- a state is missing
session.setState({ peak: states.peak });
// @ts-expect-error -- no such state
export const missingState = session.getState().frame;

// Shapes are literal.
export const extent: 6 = recurrentPorts.inputs.frame.shape[1];
// @ts-expect-error -- another extent
export const otherExtent: 7 = recurrentPorts.inputs.frame.shape[1];
// @ts-expect-error -- another rank
export const otherRank = recurrentPorts.inputs.frame.shape[2];

// An array of another model is known to have another shape.
const { scores } = (await loadNetwork()).createSession().run();
// @ts-expect-error -- 1 × 5 is not 1 × 6
session.step({ frame: scores });
// @ts-expect-error -- the same when it is kept
export const kept: RecurrentInputs = { frame: scores };
