import { describeLayers, operatorDefinition, type Graph, type Shape, type WeightSpec } from '@grim/ir';
import { matchesGlob } from './glob.ts';

/** One place in a graph where a weight matrix is used. */
export interface WeightUse {
  /** Name of the node. */
  readonly layer: string;
  /** Name of the operand: `weights`, or `w` and `r` of recurrent layers. */
  readonly operand: string;
  /** Position of the operand. */
  readonly input: WeightSpec['input'];
  /** Name of the value. */
  readonly value: string;
  /** Shape of the value. */
  readonly shape: Shape;
  readonly rows: number;
  readonly columns: number;
  /** Rows that belong to one gate of a recurrent layer; all rows elsewhere. */
  readonly rowsPerGate: number;
  /** Names of the gates of a recurrent layer from top to bottom; none elsewhere. */
  readonly gates: readonly string[];
  /** Whether the matrix multiplies the layer's own previous output. */
  readonly recurrent: boolean;
  /** Elements that are zero now. */
  readonly zeros: number;
  /** Why it cannot be pruned; absent when it can. */
  readonly unprunable?: string;
}

/** Gates in the order of the rows of `w` and `r`, as ONNX has them. */
const gateNames = {
  lstm: ['input', 'output', 'forget', 'cell'],
  gru: ['update', 'reset', 'hidden'],
} as const;

/** Every use of a weight matrix in a graph, in the order of its nodes. */
export function weightUses(graph: Graph): WeightUse[] {
  const layers = describeLayers(graph);
  return graph.nodes.flatMap((node, index): WeightUse[] => {
    const layer = layers[index];
    if (!layer) return [];
    return layer.matrices.map(({ input, rows, columns, value, zeros, unprunable }): WeightUse => {
      const operand = operatorDefinition(node.op.kind).operands[input] ?? `operand ${input}`;
      return {
        layer: node.name,
        operand,
        input,
        value,
        shape: layer.inputShapes[input] ?? [rows, columns],
        rows,
        columns,
        rowsPerGate: node.op.kind === 'lstm' || node.op.kind === 'gru' ? node.op.hidden : rows,
        gates: node.op.kind === 'lstm' || node.op.kind === 'gru' ? gateNames[node.op.kind] : [],
        recurrent: operand === 'r',
        zeros,
        ...(unprunable !== undefined && { unprunable }),
      };
    });
  });
}

/** The name of a weight in messages, and what patterns that name an operand match: `layer:operand`. */
export function weightName(use: WeightUse): string {
  return `${use.layer}:${use.operand}`;
}

/** Whether a pattern means this weight: by the name of its layer, as `layer:operand`, or one gate as `layer:operand:gate`. */
export function patternMeans(pattern: string, use: WeightUse, gate?: string): boolean {
  const names = [use.layer, weightName(use), ...(gate === undefined ? [] : [`${weightName(use)}:${gate}`])];
  return names.some((name) => matchesGlob(pattern, name));
}
