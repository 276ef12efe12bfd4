import { GrimError, withContext } from './errors.ts';
import type { Graph, Node } from './graph.ts';
import { inferShapes } from './infer-shapes.ts';
import type { WeightSpec } from './layer-spec.ts';
import { operatorDefinition } from './operators/registry.ts';
import { elementCount, formatShape, sameShape, type Shape, type Tensor } from './tensor.ts';

function requireUnique(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new GrimError(`two ${what} are named ${name}`);
    seen.add(name);
  }
}

function validateConstant(name: string, tensor: Tensor): void {
  if (tensor.data.length !== elementCount(tensor.shape)) {
    throw new GrimError(
      `constant ${name} of shape ${formatShape(tensor.shape)} needs ${elementCount(tensor.shape)} value(s), ` +
        `got ${tensor.data.length}`,
    );
  }
  const nan = tensor.data.findIndex((value) => Number.isNaN(value));
  if (nan >= 0) throw new GrimError(`constant ${name} holds NaN at index ${nan}, expected numbers`);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function validateWeightSpec(spec: WeightSpec, weightInputs: readonly number[]): void {
  if (!weightInputs.includes(spec.input)) {
    throw new GrimError(`weight spec names input ${spec.input}, which is no weight matrix`);
  }
  if (!spec.bcr) return;
  const { blockRows, blockColumns, rate } = spec.bcr;
  if (!isCount(blockRows) || !isCount(blockColumns)) {
    throw new GrimError(`blocks of ${blockRows}x${blockColumns} are not positive integers`);
  }
  if (!Number.isFinite(rate) || rate < 1) {
    throw new GrimError(`pruning rate ${rate} is not a finite number of at least 1`);
  }
}

function validateWeights(node: Node, graph: Graph, shapes: ReadonlyMap<string, Shape>): void {
  const inputs = node.inputs.map((value) => (value === null ? null : (shapes.get(value) ?? null)));
  const matrices = operatorDefinition(node.op.kind).weightMatrices(node.op, inputs);
  for (const { input } of matrices) {
    const value = node.inputs[input];
    const infinite = graph.constants.get(value ?? '')?.data.findIndex((weight) => !Number.isFinite(weight));
    if (infinite !== undefined && infinite >= 0) {
      throw new GrimError(`weight ${value ?? ''} is not finite at index ${infinite}, expected numbers`);
    }
  }
  const specs = node.weights ?? [];
  requireUnique(
    specs.map((spec) => `input ${spec.input}`),
    'weight specs',
  );
  for (const spec of specs) {
    validateWeightSpec(
      spec,
      matrices.map((matrix) => matrix.input),
    );
  }
}

/**
 * Checks everything that the types cannot: names are unique, values are defined before use, shapes fit, states keep
 * their shape, outputs exist, constants are complete and hold no NaN, weights are finite, weight specs make sense.
 *
 * @throws `GrimError` naming the node, value or state and what is wrong with it.
 */
export function validateGraph(graph: Graph): void {
  requireUnique(
    graph.nodes.map((node) => node.name),
    'nodes',
  );
  requireUnique(
    graph.outputs.map((output) => output.name),
    'outputs',
  );
  requireUnique(
    graph.states.map((state) => state.name),
    'states',
  );
  const shapes = inferShapes(graph);
  for (const [name, tensor] of graph.constants) {
    try {
      validateConstant(name, tensor);
    } catch (error) {
      const user = graph.nodes.find(({ inputs }) => inputs.includes(name));
      throw error instanceof GrimError && user ? error.within({ layer: user.name }) : error;
    }
  }
  for (const node of graph.nodes) {
    withContext({ layer: node.name }, () => {
      validateWeights(node, graph, shapes);
    });
  }
  for (const output of graph.outputs) {
    if (!shapes.has(output.value)) {
      throw new GrimError(`shows value ${output.value}, which does not exist`, { layer: output.name });
    }
  }
  for (const state of graph.states) {
    withContext({ layer: state.name }, () => {
      const output = shapes.get(state.output);
      if (!output) throw new GrimError(`is replaced by value ${state.output}, which does not exist`);
      if (!sameShape(output, state.shape)) {
        throw new GrimError(
          `state of shape ${formatShape(state.shape)} is replaced by ${state.output} of shape ${formatShape(output)}`,
        );
      }
      if (state.initial && state.initial.length !== elementCount(state.shape)) {
        throw new GrimError(
          `state of shape ${formatShape(state.shape)} has ${state.initial.length} initial value(s)`,
        );
      }
    });
  }
}
