import { GrimError, type Activation } from '@grim/ir';
import type { NodeContext } from '../evaluation/node-context.ts';
import { foldArithmetic } from '../folding/fold-elementwise.ts';
import { sliceAxis } from '../evaluation/movement.ts';
import type { FloatConstant, Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';
import { readActivations } from './recurrent-activations.ts';
import { initialState, readRecurrentLayer, recurrentOutputs } from './recurrent-layer.ts';

/** `LSTM`: one node per direction. Peepholes, `clip` and `input_forget` are refused. */
export const lstm: OperatorImporter = (node) => {
  if (node.operands[7]) throw new GrimError('peephole weights (operand P) are not supported');
  if (node.attributes.flag('input_forget', false))
    throw new GrimError('attribute input_forget is not supported');
  const layer = readRecurrentLayer(node, 4);
  const activations = readActivations(node.attributes, ['Sigmoid', 'Tanh', 'Tanh'], layer.directions.length);
  const results = layer.directions.map(({ direction, part, w, r, bias }, position) => {
    const operator = {
      kind: 'lstm',
      hidden: layer.hidden,
      direction,
      activations: threeActivations(activations.slice(3 * position, 3 * position + 3)),
    } as const;
    const operands = [
      layer.x,
      w,
      r,
      bias && summedBias(node, bias),
      initialState(node, layer, 5, 'initial_h', position),
      initialState(node, layer, 6, 'initial_c', position),
    ];
    return node.applyAll(operator, operands, part === undefined ? { values: [] } : { part });
  });
  const output = (position: number): Value[] =>
    results.flatMap((values) => values.slice(position, position + 1));
  return recurrentOutputs(node, layer, output(0), [output(1), output(2)]);
};

/** Input and recurrent biases only ever appear as their sum. */
function summedBias(node: NodeContext, bias: FloatConstant): Value {
  const half = (bias.shape[0] ?? 0) / 2;
  const input = sliceAxis(node, bias, 0, 0, half);
  const recurrent = sliceAxis(node, bias, 0, half, half);
  if (input.kind !== 'constant' || recurrent.kind !== 'constant')
    throw new TypeError('a part of a constant is a constant');
  return foldArithmetic('add', input, recurrent, node.budget);
}

function threeActivations(list: readonly Activation[]): readonly [Activation, Activation, Activation] {
  const [f, g, h] = list;
  if (!f || !g || !h) throw new TypeError('an LSTM has three activations');
  return [f, g, h];
}
