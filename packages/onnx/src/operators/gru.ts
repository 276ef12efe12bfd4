import type { Activation } from '@grim/ir';
import { sliceAxis } from '../evaluation/movement.ts';
import type { Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';
import { readActivations } from './recurrent-activations.ts';
import { initialState, readRecurrentLayer, recurrentOutputs } from './recurrent-layer.ts';

/** `GRU`: one node per direction. Both biases stay, because the reset gate can multiply one of them. `clip` is refused. */
export const gru: OperatorImporter = (node) => {
  const stated = node.attributes.flag('linear_before_reset', false);
  const linearBeforeReset = node.linearBeforeReset ?? stated;
  const layer = readRecurrentLayer(node, 3);
  const activations = readActivations(node.attributes, ['Sigmoid', 'Tanh'], layer.directions.length);
  const biasLength = 3 * layer.hidden;
  const results = layer.directions.map(({ direction, part, w, r, bias }, position) => {
    const operator = {
      kind: 'gru',
      hidden: layer.hidden,
      direction,
      linearBeforeReset,
      activations: twoActivations(activations.slice(2 * position, 2 * position + 2)),
    } as const;
    const operands = [
      layer.x,
      w,
      r,
      bias && sliceAxis(node, bias, 0, 0, biasLength),
      bias && sliceAxis(node, bias, 0, biasLength, biasLength),
      initialState(node, layer, 5, 'initial_h', position),
    ];
    return node.applyAll(operator, operands, part === undefined ? { values: [] } : { part });
  });
  const output = (position: number): Value[] =>
    results.flatMap((values) => values.slice(position, position + 1));
  return recurrentOutputs(node, layer, output(0), [output(1)]);
};

function twoActivations(list: readonly Activation[]): readonly [Activation, Activation] {
  const [f, g] = list;
  if (!f || !g) throw new TypeError('a GRU has two activations');
  return [f, g];
}
