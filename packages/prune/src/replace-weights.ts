import type { BcrSpec, Graph, Node, Tensor, WeightSpec } from '@grim/ir';

/** New values for one weight operand. */
export interface Replacement {
  /** Name of the node. */
  readonly layer: string;
  /** Position of the weight among the node's inputs. */
  readonly input: number;
  /** Name of the constant that it has now. */
  readonly value: string;
  /** The new values; replacements that may share a constant have the same object. */
  readonly tensor: Tensor;
  /** How they were pruned. */
  readonly bcr: BcrSpec;
}

/** A graph with other weights. */
export interface ReplacedGraph {
  readonly graph: Graph;
  /** Names of the constants of the replaced weights, in the order of the replacements. */
  readonly values: readonly string[];
}

/**
 * Replaces weights and records how they were pruned. The graph that was given stays as it is.
 *
 * A constant that is used in other places too keeps its values there: then the replaced operand gets a constant of its own,
 * named after it. A schedule stored for a replaced weight is dropped, since it was chosen for other zeros.
 */
export function replaceWeights(graph: Graph, replacements: readonly Replacement[]): ReplacedGraph {
  const names = renamed(graph, replacements);
  const values = replacements.map(({ tensor, value }) => names.get(tensor) ?? value);
  const nodes = graph.nodes.map((node) => replaceInNode(node, replacements, values));
  const constants = new Map(graph.constants);
  for (const [tensor, name] of names) constants.set(name, tensor);
  return { graph: { ...graph, nodes, constants }, values };
}

function replaceInNode(node: Node, replacements: readonly Replacement[], values: readonly string[]): Node {
  const inputs = [...node.inputs];
  const weights = new Map(node.weights?.map((spec): [number, WeightSpec] => [spec.input, spec]));
  for (const [index, { layer, input, bcr }] of replacements.entries()) {
    const value = values[index];
    if (layer !== node.name || value === undefined) continue;
    inputs[input] = value;
    weights.set(input, { input, bcr });
  }
  return weights.size === 0 ? node : { ...node, inputs, weights: [...weights.values()] };
}

/** A name for each new tensor: the old one where no place keeps the old values, a fresh one elsewhere. */
function renamed(graph: Graph, replacements: readonly Replacement[]): Map<Tensor, string> {
  const taken = new Set([
    ...graph.constants.keys(),
    ...graph.inputs.map(({ name }) => name),
    ...graph.states.map(({ input }) => input),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const usesLeft = new Map<string, number>();
  for (const value of [...graph.nodes.flatMap(({ inputs }) => inputs), ...exportedValues(graph)]) {
    if (value !== null) usesLeft.set(value, (usesLeft.get(value) ?? 0) + 1);
  }
  for (const { value } of replacements) usesLeft.set(value, (usesLeft.get(value) ?? 0) - 1);
  const names = new Map<Tensor, string>();
  const reused = new Set<string>();
  for (const { tensor, value } of replacements) {
    if (names.has(tensor)) continue;
    let name = value;
    if (usesLeft.get(value) === 0 && !reused.has(value)) {
      reused.add(value);
    } else {
      for (let count = 1; taken.has(name); count++) name = `${value}.pruned${count === 1 ? '' : count}`;
    }
    taken.add(name);
    names.set(tensor, name);
  }
  return names;
}

/** Values that leave the graph other than through nodes. */
function exportedValues(graph: Graph): string[] {
  return [...graph.outputs.map(({ value }) => value), ...graph.states.map(({ output }) => output)];
}
