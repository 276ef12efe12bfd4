import { zeros, type Node, type Operator, type Tensor } from '@grim/ir';
import { firstState, type BatchedOperand, type BatchSizes } from './misplaced-operand.ts';

/**
 * Repeats the state that a recurrent layer starts from over the examples of a batch, where it is the same for all of them:
 * a sum with zeros of the right shape.
 *
 * @param node - Any node.
 * @param operands - Its operands, the inputs of a recurrent layer first.
 * @param constants - Zeros are added to these.
 * @param sizes - Examples before and after.
 * @param freshName - Gives a name that is not taken.
 * @returns The nodes in its place.
 */
export function repeatStates(
  node: Node,
  operands: readonly (BatchedOperand | null)[],
  constants: Map<string, Tensor>,
  { examples, size }: BatchSizes,
  freshName: (name: string) => string,
): Node[] {
  const position = operands[0]?.position;
  if ((node.op.kind !== 'gru' && node.op.kind !== 'lstm') || !position || size === examples) return [node];
  const inputs = [...node.inputs];
  const repeats: Node[] = [];
  for (let operand = firstState[node.op.kind]; operand < inputs.length; operand++) {
    const value = inputs[operand];
    const state = operands[operand];
    if (typeof value !== 'string' || !state || state.position) continue;
    const [rows = 1, hidden = 1] = state.shape;
    const add = (op: Operator, ...of: string[]): string => {
      const name = freshName(`${node.name}/state ${operand}`);
      repeats.push({ name, op, inputs: of, outputs: [name] });
      return name;
    };
    const zero = freshName(`${node.name}/state ${operand}/zeros`);
    const { before, after } = position;
    if (rows === 1) {
      constants.set(zero, zeros([size, 1]));
      inputs[operand] = add({ kind: 'binary', function: 'add' }, value, zero);
      continue;
    }
    constants.set(zero, zeros([1, size, 1]));
    const apart = add({ kind: 'reshape', shape: [before, 1, after * hidden] }, value);
    const repeated = add({ kind: 'binary', function: 'add' }, apart, zero);
    inputs[operand] = add({ kind: 'reshape', shape: [before * size * after, hidden] }, repeated);
  }
  return [...repeats, { ...node, inputs }];
}
