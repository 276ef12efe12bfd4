import type { Graph, Node } from './graph.ts';
import { inferShapes } from './infer-shapes.ts';
import type { BcrSpec } from './layer-spec.ts';
import type { OperatorKind } from './operators/registry.ts';
import { operatorDefinition } from './operators/registry.ts';
import type { WeightMatrix } from './operators/operator.ts';
import type { Shape } from './tensor.ts';

/** A weight matrix of a layer and whether it can be pruned. */
export interface MatrixDescription extends WeightMatrix {
  /** Name of the weight in the graph. */
  readonly value: string;
  /** Elements that are zero now. */
  readonly zeros: number;
  /** How it was pruned; absent when it was not. */
  readonly bcr?: BcrSpec;
}

/** One row of the layer table. */
export interface LayerDescription {
  /** Name of the node. */
  readonly name: string;
  readonly kind: OperatorKind;
  /** Shapes of the operands by position; `null` where an optional one is absent. */
  readonly inputShapes: readonly (Shape | null)[];
  /** Shapes of the results by position. */
  readonly outputShapes: readonly Shape[];
  /** Multiply-adds of one run, zeros included. */
  readonly macs: number;
  /** Elements of all constant operands, biases included. */
  readonly parameters: number;
  /** Elements of the weight matrices that are zero. */
  readonly zeros: number;
  /** The weight matrices; one without `unprunable` can be pruned. */
  readonly matrices: readonly MatrixDescription[];
}

function describeMatrix(matrix: WeightMatrix, node: Node, constants: Graph['constants']): MatrixDescription {
  const value = node.inputs[matrix.input] ?? '';
  const weights = constants.get(value);
  const bcr = node.weights?.find((spec) => spec.input === matrix.input)?.bcr;
  const unprunable = weights ? matrix.unprunable : 'the weights are computed, not constant';
  return {
    input: matrix.input,
    rows: matrix.rows,
    columns: matrix.columns,
    value,
    zeros: weights?.data.reduce((zeros, weight) => (weight === 0 ? zeros + 1 : zeros), 0) ?? 0,
    ...(bcr && { bcr }),
    ...(unprunable !== undefined && { unprunable }),
  };
}

/**
 * The layer table of a graph: for every node, in order, its shapes, multiply-adds, parameters and weight matrices,
 * and for each matrix that cannot be pruned the reason.
 *
 * @throws `GrimError` when the shapes of the graph do not fit.
 */
export function describeLayers(graph: Graph): LayerDescription[] {
  const shapes = inferShapes(graph);
  return graph.nodes.map((node) => {
    const definition = operatorDefinition(node.op.kind);
    const inputShapes = node.inputs.map((value) => (value === null ? null : (shapes.get(value) ?? null)));
    const outputShapes = definition.inferShapes(node.op, inputShapes);
    const matrices = definition
      .weightMatrices(node.op, inputShapes)
      .map((matrix) => describeMatrix(matrix, node, graph.constants));
    const parameters = node.inputs.reduce(
      (sum, value) => sum + (graph.constants.get(value ?? '')?.data.length ?? 0),
      0,
    );
    return {
      name: node.name,
      kind: node.op.kind,
      inputShapes,
      outputShapes,
      macs: definition.macs(node.op, inputShapes, outputShapes),
      parameters,
      zeros: matrices.reduce((sum, matrix) => sum + matrix.zeros, 0),
      matrices,
    };
  });
}
