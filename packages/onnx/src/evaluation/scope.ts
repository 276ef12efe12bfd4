import { GrimError } from '@grim/ir';
import type { GraphProto, NodeProto, SparseTensorProto, TensorProto } from '../gen/onnx_pb.ts';
import type { RefusedValue, UnavailableValue, Value } from '../value.ts';

/** One ONNX node that is to be evaluated at most once. */
export interface Task {
  readonly scope: Scope;
  readonly node: NodeProto;
  /** Position in its graph, which names it when it has no name. */
  readonly position: number;
  /** `active` while what it needs is being evaluated: meeting it again then is a cycle. */
  state: 'active' | 'done' | 'waiting';
  /** Names this node needs before it can be evaluated, in the scope they are looked up in. */
  readonly needs: { readonly scope: Scope; readonly name: string }[];
  /** How many of the needs are known to be met. */
  met: number;
  /** For an `If`: the branch that is taken, once the condition is known. */
  branch?: Scope;
}

/** A stored constant that has not been read yet. */
export type Stored =
  | { readonly kind: 'dense'; readonly tensor: TensorProto }
  | { readonly kind: 'sparse'; readonly tensor: SparseTensorProto };

/** The names of one graph. A branch sees the names of the graphs around it. */
export interface Scope {
  readonly parent: Scope | undefined;
  /** Graphs around this one. */
  readonly depth: number;
  readonly graph: GraphProto;
  readonly values: Map<string, Value | RefusedValue | UnavailableValue>;
  readonly stored: ReadonlyMap<string, Stored>;
  readonly producers: ReadonlyMap<string, Task>;
}

/** Opens a graph: notes which node produces which name, evaluating nothing. */
export function openScope(graph: GraphProto, parent?: Scope): Scope {
  const producers = new Map<string, Task>();
  const stored = new Map<string, Stored>();
  const scope: Scope = {
    parent,
    depth: parent ? parent.depth + 1 : 0,
    graph,
    values: new Map(),
    stored,
    producers,
  };
  for (const tensor of graph.initializer) stored.set(tensor.name, { kind: 'dense', tensor });
  for (const tensor of graph.sparseInitializer) {
    stored.set(tensor.values?.name ?? '', { kind: 'sparse', tensor });
  }
  graph.node.forEach((node, position) => {
    const task: Task = { scope, node, position, state: 'waiting', needs: [], met: 0 };
    for (const name of node.output) {
      if (name === '') continue;
      if (producers.has(name) || stored.has(name)) throw new GrimError(`value ${name} is produced twice`);
      producers.set(name, task);
    }
  });
  return scope;
}
