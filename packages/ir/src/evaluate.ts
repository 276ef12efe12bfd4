import { GrimError, withContext } from './errors.ts';
import type { Graph } from './graph.ts';
import type { CustomImplementation, CustomOperator } from './operators/custom.ts';
import { operatorDefinition } from './operators/registry.ts';
import { elementCount, formatShape, sameShape, type Shape, type Tensor } from './tensor.ts';

/** What {@link evaluateGraph} starts from. */
export interface EvaluationOptions {
  /** Values of every graph input by name, row-major. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** State before the run by state name, row-major; a state that is missing starts from its initial values. */
  readonly states?: Readonly<Record<string, Float32Array>>;
  /** What operators of a user's own compute, by the name of their function. */
  readonly operators?: Readonly<Record<string, CustomImplementation>>;
  /** `all` keeps every value of the graph in {@link Evaluation.values}; otherwise that map stays empty. */
  readonly keep?: 'all';
}

/** The result of one run of a graph. */
export interface Evaluation {
  /** Graph outputs by name, row-major. */
  readonly outputs: Record<string, Float32Array>;
  /** State after the run by state name, row-major; give it to the next run. */
  readonly states: Record<string, Float32Array>;
  /** With `keep: 'all'`, every input, state, constant and node output by value name. */
  readonly values: Map<string, Tensor>;
}

function given(data: Float32Array | undefined, shape: Shape, name: string, what: string): Tensor {
  if (!data) throw new GrimError(`${what} ${name} of shape ${formatShape(shape)} is missing`);
  if (data.length !== elementCount(shape)) {
    throw new GrimError(
      `${what} ${name} of shape ${formatShape(shape)} needs ${elementCount(shape)} value(s), got ${data.length}`,
    );
  }
  return { shape, data };
}

function refuseUnknown(
  names: readonly string[],
  known: readonly { readonly name: string }[],
  what: string,
): void {
  for (const name of names) {
    if (!known.some((entry) => entry.name === name)) {
      throw new GrimError(
        `there is no ${what} ${name}, only ${known.map((entry) => entry.name).join(', ') || 'none'}`,
      );
    }
  }
}

/** The results of an operator of a user's own: what it is given as its implementation is held to its shapes. */
function evaluateCustom(
  op: CustomOperator,
  inputs: readonly (Tensor | null)[],
  { operators = {} }: EvaluationOptions,
): Tensor[] {
  const implementation = operators[op.function];
  if (!implementation) return operatorDefinition('custom').reference(op, inputs);
  const results = implementation(inputs, op);
  const isRight = ({ shape, data }: Tensor, index: number): boolean =>
    sameShape(shape, op.outputShapes[index] ?? []) && data.length === elementCount(shape);
  if (results.length !== op.outputShapes.length || !results.every(isRight)) {
    const given = results.map(({ shape, data }) => `${data.length} value(s) of ${formatShape(shape)}`);
    throw new GrimError(
      `the implementation of ${op.function} gives ${given.join(', ') || 'nothing'}, not ${op.outputShapes.map(formatShape).join(', ')}`,
    );
  }
  return results;
}

/**
 * Runs a graph once with the reference implementation of each operator: slow, in double precision inside an
 * operator and 32-bit floats between operators. Every compiled form is checked against it.
 *
 * @throws `GrimError` when inputs or states are missing, unknown or of the wrong length, or shapes do not fit.
 */
export function evaluateGraph(graph: Graph, options: EvaluationOptions): Evaluation {
  const initialStates = options.states ?? {};
  refuseUnknown(Object.keys(options.inputs), graph.inputs, 'input');
  refuseUnknown(Object.keys(initialStates), graph.states, 'state');
  const values = new Map<string, Tensor>(graph.constants);
  for (const { name, shape } of graph.inputs) {
    values.set(name, given(options.inputs[name], shape, name, 'input'));
  }
  for (const state of graph.states) {
    const start = initialStates[state.name] ?? state.initial ?? new Float32Array(elementCount(state.shape));
    values.set(state.input, given(start, state.shape, state.name, 'state'));
  }
  const read = (value: string): Tensor => {
    const tensor = values.get(value);
    if (!tensor) throw new GrimError(`value ${value} is used before it is defined`);
    return tensor;
  };
  for (const node of graph.nodes) {
    withContext({ layer: node.name }, () => {
      const inputs = node.inputs.map((value) => (value === null ? null : read(value)));
      const { op } = node;
      const results =
        op.kind === 'custom'
          ? evaluateCustom(op, inputs, options)
          : operatorDefinition(op.kind).reference(op, inputs);
      node.outputs.forEach((value, position) => {
        const result = results[position];
        if (!result) throw new GrimError(`${node.op.kind} has only ${results.length} result(s)`);
        values.set(value, result);
      });
    });
  }
  // Copies: a state may show an input of this run, which belongs to the caller.
  const outputs = graph.outputs.map(({ name, value }) => [name, read(value).data.slice()] as const);
  const states = graph.states.map(({ name, output }) => [name, read(output).data.slice()] as const);
  return {
    outputs: Object.fromEntries(outputs),
    states: Object.fromEntries(states),
    values: options.keep === 'all' ? values : new Map<string, Tensor>(),
  };
}
