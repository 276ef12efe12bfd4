import { evaluateGraph, type EvaluationOptions, type Graph, type Tensor } from '@grim/ir';

/** Runs a graph on one input after the other, states carried along. */
export interface CalibrationEvaluator {
  /**
   * Runs the graph once.
   *
   * @param inputs - Every input by name, row-major.
   * @returns Values that were asked for, by name, good until the next run; and the states after the run.
   */
  readonly run: (inputs: Readonly<Record<string, Float32Array>>) => {
    readonly values: ReadonlyMap<string, Tensor>;
    readonly states: Readonly<Record<string, Float32Array>>;
  };
  /** Puts the states back to what they are before the first run. */
  readonly reset: () => void;
}

/**
 * Makes an evaluator of a graph.
 *
 * @param graph - The network, with its states.
 * @param values - Names of the results of nodes that are wanted of each run.
 */
export type CreateEvaluator = (
  graph: Graph,
  values: readonly string[],
) => CalibrationEvaluator | Promise<CalibrationEvaluator>;

/** Evaluators that run the reference implementation of each operator. */
export function referenceEvaluators(operators: EvaluationOptions['operators']): CreateEvaluator {
  return (graph) => {
    let states: Readonly<Record<string, Float32Array>> = {};
    return {
      run: (inputs) => {
        const run = evaluateGraph(graph, { inputs, states, keep: 'all', ...(operators && { operators }) });
        states = run.states;
        return run;
      },
      reset: () => {
        states = {};
      },
    };
  };
}
