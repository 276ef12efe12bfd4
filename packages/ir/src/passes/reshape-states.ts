import type { Graph, State } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import { sameShape, type Shape } from '../tensor.ts';
import { indexGraph, type GraphIndex } from './graph-index.ts';

function reshapeState(state: State, index: GraphIndex, shapes: ReadonlyMap<string, Shape>): State {
  const producer = index.producers.get(state.output);
  const [output] = producer?.op.kind === 'reshape' ? producer.inputs : [];
  const readers = index.consumers.get(state.input) ?? [];
  if (typeof output !== 'string' || readers.length === 0 || index.shown.has(state.input)) return state;
  const shape = shapes.get(output) ?? [];
  const agree = readers.every(({ op }) => op.kind === 'reshape' && sameShape(op.shape, shape));
  return agree ? { ...state, shape, output } : state;
}

/**
 * Gives a state the shape it is used in, when every reader reshapes it to that shape and its new value is reshaped
 * back from it. The reshapes that then change nothing are left for `simplifyReshapes` and `removeDeadNodes`.
 *
 * @throws `GrimError` when the shapes of the graph do not fit.
 */
export function reshapeStates(graph: Graph): Graph {
  const shapes = inferShapes(graph);
  const index = indexGraph(graph);
  return { ...graph, states: graph.states.map((state) => reshapeState(state, index, shapes)) };
}
