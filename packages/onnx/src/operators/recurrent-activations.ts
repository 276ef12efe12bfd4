import { GrimError, type Activation, type UnaryFunction } from '@grim/ir';
import type { NodeAttributes } from '../evaluation/node-attributes.ts';

/** Activations of recurrent layers that the graph knows, by their ONNX name in lower case. */
const known = new Map<string, UnaryFunction>([
  ['hardsigmoid', 'hardSigmoid'],
  ['leakyrelu', 'leakyRelu'],
  ['relu', 'relu'],
  ['sigmoid', 'sigmoid'],
  ['tanh', 'tanh'],
]);

/** Which parameters an activation takes from the lists, in ONNX's default values. */
const parameters: Partial<Record<UnaryFunction, { readonly alpha: number; readonly beta?: number }>> = {
  hardSigmoid: { alpha: 0.2, beta: 0.5 },
  leakyRelu: { alpha: 0.01 },
};

/**
 * The activations of a recurrent node, one group of `defaults.length` per direction. Values in `activation_alpha` and
 * `activation_beta` are taken in order, each by the next activation that has such a parameter.
 */
export function readActivations(
  attributes: NodeAttributes,
  defaults: readonly string[],
  directions: number,
): readonly Activation[] {
  const every = Array.from({ length: directions }, () => defaults).flat();
  const names = attributes.strings('activations') ?? every;
  if (names.length !== every.length) {
    throw new GrimError(`attribute activations must name ${every.length} functions, got ${names.length}`);
  }
  const alphas = [...(attributes.floats('activation_alpha') ?? [])];
  const betas = [...(attributes.floats('activation_beta') ?? [])];
  return names.map((name): Activation => {
    const unary = known.get(name.toLowerCase());
    if (!unary) throw new GrimError(`activation ${name} is not supported`);
    const takes = parameters[unary];
    if (!takes) return { function: unary };
    const alpha = alphas.shift() ?? takes.alpha;
    return takes.beta === undefined
      ? { function: unary, alpha }
      : { function: unary, alpha, beta: betas.shift() ?? takes.beta };
  });
}
