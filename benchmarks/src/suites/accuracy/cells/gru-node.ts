import type { Node, Tensor } from '@grim/ir';
import { uniformTensor } from './uniform-tensor.ts';

/** A GRU layer with weights as before training, which are added to `constants`; its results are `NAME.y` and `NAME.h`. */
export function gruNode(
  name: string,
  input: string,
  { inputs, hidden }: { readonly inputs: number; readonly hidden: number },
  random: () => number,
  constants: Map<string, Tensor>,
): Node {
  const bound = 1 / Math.sqrt(hidden);
  constants.set(`${name}.w`, uniformTensor([3 * hidden, inputs], bound, random));
  constants.set(`${name}.r`, uniformTensor([3 * hidden, hidden], bound, random));
  constants.set(`${name}.wBias`, uniformTensor([3 * hidden], bound, random));
  constants.set(`${name}.rBias`, uniformTensor([3 * hidden], bound, random));
  return {
    name,
    op: {
      kind: 'gru',
      hidden,
      direction: 'forward',
      linearBeforeReset: true,
      activations: [{ function: 'sigmoid' }, { function: 'tanh' }],
    },
    inputs: [input, `${name}.w`, `${name}.r`, `${name}.wBias`, `${name}.rBias`],
    outputs: [`${name}.y`, `${name}.h`],
  };
}
