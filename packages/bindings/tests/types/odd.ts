// Compiled, never run: right use has to compile, and wrong use, one line each, must not.
import { loadOdd, oddPorts } from '../snapshots/odd.mjs';

const session = (await loadOdd()).createSession();
const x = new Float32Array(4);

const outputs = session.step({ class: x, 'in.put:0': x, 'in_put:0': x, ['__proto__']: x });
export const y: Float32Array = outputs["it's */ `${one}`\n// @ts-ignore"];
export const length: 4 = oddPorts.states.constructor.length;
session.input('in.put:0').set(x);
session.setState({ constructor: session.getState().constructor });

// @ts-expect-error -- names that differ by a separator are different names
session.step({ class: x, 'in.put:0': x, 'in-put:0': x, ['__proto__']: x });
// @ts-expect-error -- one is missing
session.step({ class: x, 'in.put:0': x, ['__proto__']: x });
// @ts-expect-error -- no input, though every object has it
session.input('toString');
// @ts-expect-error -- a state is an array, not a function
session.setState({ constructor: Object });
