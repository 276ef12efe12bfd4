import type { Graph, Node } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import { valueAt } from '../operators/elements.ts';
import type { Operator } from '../operators/operator.ts';
import type { OperatorKind, OperatorOf } from '../operators/registry.ts';
import type { SliceOperator } from '../operators/slice.ts';
import { sameShape, type Shape } from '../tensor.ts';
import { replaceInputs, replaceValues } from './replace-values.ts';

/** What a node can be instead: an existing value, or another operator on other operands. */
type Simplification =
  { readonly value: string } | { readonly op: Operator; readonly inputs: readonly string[] };

/** What the rules may look at. */
interface Context {
  readonly shapeOf: (value: string) => Shape;
  /** The operator that makes a value and its operands, when it is of this kind. */
  readonly madeBy: <Kind extends OperatorKind>(
    value: string,
    kind: Kind,
  ) => { readonly op: OperatorOf<Kind>; readonly inputs: readonly string[] } | undefined;
}

function simplifyReshape(
  op: OperatorOf<'reshape'>,
  input: string,
  context: Context,
): Simplification | undefined {
  if (sameShape(op.shape, context.shapeOf(input))) return { value: input };
  const [source] = context.madeBy(input, 'reshape')?.inputs ?? [];
  return source === undefined ? undefined : { op, inputs: [source] };
}

function simplifyTranspose(
  op: OperatorOf<'transpose'>,
  input: string,
  context: Context,
): Simplification | undefined {
  const shape = context.shapeOf(input);
  const moving = op.permutation.filter((axis) => valueAt(shape, axis) !== 1);
  if (moving.every((axis, position) => position === 0 || axis > valueAt(moving, position - 1))) {
    const output = op.permutation.map((axis) => valueAt(shape, axis));
    return { op: { kind: 'reshape', shape: output }, inputs: [input] };
  }
  const inner = context.madeBy(input, 'transpose');
  const [source] = inner?.inputs ?? [];
  if (!inner || source === undefined) return undefined;
  const permutation = op.permutation.map((axis) => valueAt(inner.op.permutation, axis));
  return { op: { kind: 'transpose', permutation }, inputs: [source] };
}

function coversAll(op: SliceOperator, shape: Shape, exceptAxis?: number): boolean {
  return shape.every((extent, axis) => {
    if (axis === exceptAxis) return true;
    const size = valueAt(op.sizes, axis);
    return size === extent && (extent === 1 || valueAt(op.steps, axis) === 1);
  });
}

/** A slice of a concatenation that touches a single operand is a slice of that operand. */
function sliceOfConcat(op: SliceOperator, input: string, context: Context): Simplification | undefined {
  const joined = context.madeBy(input, 'concat');
  if (!joined) return undefined;
  const { axis } = joined.op;
  const first = valueAt(op.starts, axis);
  const last = first + (valueAt(op.sizes, axis) - 1) * valueAt(op.steps, axis);
  let start = 0;
  for (const operand of joined.inputs) {
    const end = start + valueAt(context.shapeOf(operand), axis);
    if (Math.min(first, last) >= start && Math.max(first, last) < end) {
      const starts = op.starts.map((value, position) => (position === axis ? value - start : value));
      return { op: { ...op, starts }, inputs: [operand] };
    }
    start = end;
  }
  return undefined;
}

function simplifySlice(op: SliceOperator, input: string, context: Context): Simplification | undefined {
  if (coversAll(op, context.shapeOf(input))) return { value: input };
  const inner = context.madeBy(input, 'slice');
  const [source] = inner?.inputs ?? [];
  if (inner && source !== undefined) {
    const starts = op.starts.map(
      (start, axis) => valueAt(inner.op.starts, axis) + start * valueAt(inner.op.steps, axis),
    );
    const steps = op.steps.map((step, axis) => step * valueAt(inner.op.steps, axis));
    return { op: { kind: 'slice', starts, sizes: op.sizes, steps }, inputs: [source] };
  }
  return sliceOfConcat(op, input, context);
}

/** Joining neighbouring slices of one value, from its start to its end, gives that value. */
function simplifyConcat(
  op: OperatorOf<'concat'>,
  inputs: readonly string[],
  context: Context,
): Simplification | undefined {
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) return { value: only };
  const parts = inputs.map((value) => context.madeBy(value, 'slice'));
  const [source] = parts[0]?.inputs ?? [];
  if (source === undefined) return undefined;
  const shape = context.shapeOf(source);
  if (op.axis >= shape.length) return undefined;
  let end = 0;
  for (const part of parts) {
    if (part?.inputs[0] !== source || !coversAll(part.op, shape, op.axis)) return undefined;
    const size = valueAt(part.op.sizes, op.axis);
    if (valueAt(part.op.starts, op.axis) !== end) return undefined;
    if (size !== 1 && valueAt(part.op.steps, op.axis) !== 1) return undefined;
    end += size;
  }
  return end === valueAt(shape, op.axis) ? { value: source } : undefined;
}

function simplifyReduce(
  op: OperatorOf<'reduce'>,
  input: string,
  context: Context,
): Simplification | undefined {
  const shape = context.shapeOf(input);
  if (op.axes.some((axis) => valueAt(shape, axis) !== 1)) return undefined;
  const output = op.keepDims ? shape : shape.filter((_, axis) => !op.axes.includes(axis));
  return { op: { kind: 'reshape', shape: output }, inputs: [input] };
}

function simplify(op: Operator, inputs: readonly string[], context: Context): Simplification | undefined {
  const [input] = inputs;
  if (input === undefined) return undefined;
  switch (op.kind) {
    case 'reshape':
      return simplifyReshape(op, input, context);
    case 'transpose':
      return simplifyTranspose(op, input, context);
    case 'slice':
      return simplifySlice(op, input, context);
    case 'concat':
      return simplifyConcat(op, inputs, context);
    case 'reduce':
      return simplifyReduce(op, input, context);
    case 'pad':
      return [...op.begin, ...op.end].every((count) => count === 0) ? { value: input } : undefined;
    default:
      return undefined;
  }
}

function presentInputs(node: Node): string[] {
  return node.inputs.filter((value) => value !== null);
}

/**
 * Removes data movement that moves nothing and shortens the rest: identity reshapes, slices, transposes, pads and
 * concatenations vanish, chains of reshapes, transposes and slices become one, a transpose that only moves
 * dimensions of extent 1 and a reduction over them become reshapes, a slice of a concatenation reads the operand it
 * lies in. Nodes that nothing reads afterwards are left for `removeDeadNodes`.
 *
 * @throws `GrimError` when the shapes of the graph do not fit.
 */
export function simplifyReshapes(graph: Graph): Graph {
  const shapes = inferShapes(graph);
  const producers = new Map<string, Node>();
  const context: Context = {
    shapeOf: (value) => shapes.get(value) ?? [],
    madeBy: <Kind extends OperatorKind>(value: string, kind: Kind) => {
      const node = producers.get(value);
      if (node?.op.kind !== kind) return undefined;
      return { op: node.op as OperatorOf<Kind>, inputs: presentInputs(node) };
    },
  };
  const replacements = new Map<string, string>();
  const nodes: Node[] = [];
  for (const original of graph.nodes) {
    let node = replaceInputs(original, replacements);
    let replacement: string | undefined;
    // Every rule shortens a chain or ends it, so this stops.
    for (;;) {
      const simplification = simplify(node.op, presentInputs(node), context);
      if (!simplification) break;
      if ('value' in simplification) {
        replacement = simplification.value;
        break;
      }
      node = { ...node, op: simplification.op, inputs: simplification.inputs };
    }
    const [output] = node.outputs;
    if (replacement !== undefined && output !== undefined) {
      replacements.set(output, replacement);
      continue;
    }
    nodes.push(node);
    for (const value of node.outputs) producers.set(value, node);
  }
  return replaceValues({ ...graph, nodes }, replacements);
}
