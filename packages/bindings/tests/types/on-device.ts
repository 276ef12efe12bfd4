// Compiled, never run: right use has to compile, and wrong use, one line each, must not.
import koffi from 'koffi';
import { bindNetwork, networkMemory } from '../snapshots/network-on-device.mjs';
import { bindRecurrent, recurrentPorts } from '../snapshots/recurrent-on-device.mjs';

const library = koffi.load('librecurrent.so');
const session = bindRecurrent(library, 'Adreno').createSession();
const frame = new Float32Array(recurrentPorts.inputs.frame.length);
const { total } = session.step({ frame });
session.step({ frame: total });
session.reset();
session.close();

const weights = new Uint8Array(networkMemory.weightBytes);
const network = bindNetwork(library, weights).createSession();
const { scores } = network.run({ image: new Float32Array(108), prior: new Float32Array(8) });
network.close();

// @ts-expect-error -- these weights are in the library
bindRecurrent(library, weights);
// @ts-expect-error -- these are not
bindNetwork(library, 'Adreno');
// @ts-expect-error -- devices have names
bindRecurrent(library, 0);
// @ts-expect-error -- another one does not step
network.step({ image: frame, prior: frame });
// @ts-expect-error -- what is closed is the session
network.release();
// @ts-expect-error -- 1 × 5 is not 1 × 6
session.step({ frame: scores });
