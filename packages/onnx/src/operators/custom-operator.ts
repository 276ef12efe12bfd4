import { elementCount, GrimError, type CustomAttribute, type Shape } from '@grim/ir';
import type { NodeContext } from '../evaluation/node-context.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** The shape of a result of a custom operator: that of an operand, by its position, or a given one. */
export type CustomResultShape = { readonly like: number } | { readonly shape: readonly number[] };

/** How an operator that ONNX does not define becomes a call of a function of the user's own. */
export interface CustomOperatorMapping {
  /** Name of the function: an identifier of C. */
  readonly function: string;
  /**
   * Attributes that the function is given, in this order: numbers and lists of numbers, with what they are where a node does not state
   * them; `null` where it has to.
   */
  readonly attributes?: Readonly<Record<string, number | readonly number[] | null>>;
  /** Shape of each result. */
  readonly results: readonly CustomResultShape[];
}

function attributesOf(
  { attributes }: NodeContext,
  wanted: CustomOperatorMapping['attributes'] = {},
): CustomAttribute[] {
  return Object.entries(wanted).map(([name, fallback]) => {
    const values = attributes.numbers(name) ?? fallback;
    if (values === null) throw new GrimError(`attribute ${name} is missing`);
    return { name, values: typeof values === 'number' ? [values] : values };
  });
}

function resultShape({ operands }: NodeContext, result: CustomResultShape): Shape {
  if ('shape' in result) return result.shape;
  const operand = operands[result.like];
  if (!operand) throw new GrimError(`a result has the shape of operand ${result.like}, which is absent`);
  return operand.shape;
}

/** Imports nodes of one operator as calls of a function of the user's own. */
export function customOperator({
  function: name,
  attributes,
  results,
}: CustomOperatorMapping): OperatorImporter {
  return (node) => {
    const outputShapes = results.map((result) => resultShape(node, result));
    if (outputShapes.some((shape) => elementCount(shape) === 0)) {
      throw new GrimError('a result would be empty');
    }
    const op = {
      kind: 'custom',
      function: name,
      attributes: attributesOf(node, attributes),
      outputShapes,
    } as const;
    return node.applyAll(
      op,
      node.operands.map((operand) => operand ?? null),
    );
  };
}
