import {
  elementCount,
  formatShape,
  GrimError,
  operatorDefinition,
  type Node,
  type Operator,
  type Shape,
  type Tensor,
} from '@grim/ir';
import type { FoldingBudget } from '../folding/folding-budget.ts';
import { UniqueNames } from '../unique-names.ts';
import { isFloat, type Constant, type DynamicValue, type FloatConstant, type Value } from '../value.ts';

/** Names for a node and its results. */
export interface Naming {
  readonly node: string;
  /** Names for the results by position; missing or empty ones are made from the node's name. */
  readonly values: readonly string[];
}

/** Collects the nodes and constants of the graph that an import builds. */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  readonly constants = new Map<string, Tensor>();
  readonly #budget: FoldingBudget;
  readonly #nodeNames = new UniqueNames();
  readonly #valueNames = new UniqueNames();
  /** Names of constants that are in the graph, by their data and shape: a weight used twice is stored once. */
  readonly #constantNames = new Map<Constant['data'], Map<string, string>>();

  constructor(budget: FoldingBudget) {
    this.#budget = budget;
  }

  /** A node name that no other node has. */
  nodeName(wanted: string): string {
    return this.#nodeNames.take(wanted);
  }

  /** Declares a value that comes from outside: an input of the graph. */
  input(name: string, shape: Shape): DynamicValue {
    return { kind: 'dynamic', name: this.#valueNames.take(name), shape };
  }

  /**
   * The results of an operator: folded when all operands are constant, otherwise those of a new node.
   *
   * @throws GrimError when the shapes do not fit, an operand is not a real number, or a limit is reached.
   */
  apply(op: Operator, operands: readonly (Value | null)[], naming: Naming): Value[] {
    const definition = operatorDefinition(op.kind);
    const shapes = operands.map((operand) => operand?.shape ?? null);
    const empty = shapes.find((shape) => shape?.includes(0));
    if (empty) throw new GrimError(`an operand is empty: its shape is ${formatShape(empty)}`);
    const resultShapes = definition.inferShapes(op, shapes);
    for (const shape of resultShapes) this.#budget.checkShape(shape);
    // What a function of a user's own computes is not known here.
    if (op.kind !== 'custom' && operands.every((operand) => operand?.kind !== 'dynamic')) {
      return this.#fold(op, operands, shapes, resultShapes);
    }
    const name = this.nodeName(naming.node);
    const inputs = operands.map((operand, position) => {
      if (operand === null) return null;
      if (operand.kind === 'dynamic') return operand.name;
      this.#budget.use(operand.shape);
      return this.#constant(operand, `${name}/${operandName(definition.operands, position)}`);
    });
    const results = resultShapes.map((shape, position): DynamicValue => {
      const made = resultShapes.length === 1 ? name : `${name}/${definition.results[position] ?? position}`;
      const wanted = naming.values[position];
      return {
        kind: 'dynamic',
        name: this.#valueNames.take(wanted === undefined || wanted === '' ? made : wanted),
        shape,
      };
    });
    this.nodes.push({ name, op, inputs, outputs: results.map((result) => result.name) });
    return results;
  }

  #fold(
    op: Operator,
    operands: readonly (Value | null)[],
    shapes: readonly (Shape | null)[],
    resultShapes: readonly Shape[],
  ): Value[] {
    const definition = operatorDefinition(op.kind);
    const tensors = operands.map((operand) => {
      if (operand === null) return null;
      if (operand.kind === 'dynamic') throw new TypeError('a dynamic operand cannot be folded');
      return toTensor(operand);
    });
    for (const shape of [...shapes, ...resultShapes]) if (shape) this.#budget.allocate(shape);
    this.#budget.compute(definition.macs(op, shapes, [...resultShapes]));
    return definition
      .reference(op, tensors)
      .map(({ shape, data }): FloatConstant => ({ kind: 'constant', type: 'float', shape, data }));
  }

  /** The name under which a constant is in the graph, put there when it is not yet. */
  constantName(constant: Constant, fallback: string): string {
    return this.#constant(constant, fallback);
  }

  #constant(constant: Constant, fallback: string): string {
    const shape = formatShape(constant.shape);
    const names = this.#constantNames.get(constant.data) ?? new Map<string, string>();
    this.#constantNames.set(constant.data, names);
    const known = names.get(shape);
    if (known !== undefined) return known;
    const wanted = constant.name ?? fallback;
    if (elementCount(constant.shape) === 0) throw new GrimError(`${wanted} is empty: its shape is ${shape}`);
    const name = this.#valueNames.take(wanted);
    names.set(shape, name);
    this.constants.set(name, toTensor(constant));
    return name;
  }
}

/** A constant as the graph holds it. */
function toTensor(constant: Constant): Tensor {
  if (!isFloat(constant)) {
    throw new GrimError(
      `a ${constant.type} tensor of shape ${formatShape(constant.shape)} is used as real numbers`,
    );
  }
  const { shape, data } = constant;
  return { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

function operandName(operands: readonly string[], position: number): string {
  return (operands[position] ?? `operand${position}`).replace(/^\.\.\.|\?$/g, '');
}
