// Compiled, never run: right use has to compile, and wrong use, one line each, must not.
import koffi from 'koffi';
import { bindNetwork, networkMemory } from '../snapshots/network-in-c.mjs';
import { bindRecurrent, recurrentPorts } from '../snapshots/recurrent-in-c.mjs';

const library = koffi.load('librecurrent.so');
const session = bindRecurrent(library).createSession();
const frame = new Float32Array(recurrentPorts.inputs.frame.length);
const { total } = session.step({ frame });
session.step({ frame: total });
session.reset();

const weights = new Uint8Array(networkMemory.weightBytes);
const network = bindNetwork(library, weights).createSession();
const { scores } = network.run({ image: new Float32Array(108), prior: new Float32Array(8) });
export const size: 1024 = networkMemory.contextBytes;

// @ts-expect-error -- a path is no library
bindRecurrent('librecurrent.so');
// @ts-expect-error -- these weights are in the library
bindRecurrent(library, weights);
// @ts-expect-error -- these are not
bindNetwork(library);
// @ts-expect-error -- a recurrent model steps
session.run({ frame });
// @ts-expect-error -- another one does not
network.step({ image: frame, prior: frame });
// @ts-expect-error -- there is no place to write an input to
session.step();
// @ts-expect-error -- nor are states to be had
session.getState();
// @ts-expect-error -- 1 × 5 is not 1 × 6
session.step({ frame: scores });
