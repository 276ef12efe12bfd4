import { formatShape, GrimError } from '@grim/ir';
import { concatValues, reshapeValue, sliceAxis, transposeValue } from '../evaluation/movement.ts';
import type { NodeContext } from '../evaluation/node-context.ts';
import { isFloat, type FloatConstant, type Value } from '../value.ts';

/*
 * What LSTM and GRU share. ONNX stacks directions in one more dimension, puts batch first when `layout` is 1, and gives
 * optional operands as empty names; the graph has one node per direction, time first.
 */

/** One direction of a recurrent layer. */
export interface RecurrentDirection {
  readonly direction: 'forward' | 'reverse';
  /** Appended to the node's name when there are two. */
  readonly part: string | undefined;
  /** `[gates · H, I]`. */
  readonly w: FloatConstant;
  /** `[gates · H, H]`. */
  readonly r: FloatConstant;
  /** `[2 · gates · H]`: input biases, then recurrent ones. */
  readonly bias: FloatConstant | null;
}

/** A recurrent layer as ONNX describes it, in the orientation of the graph. */
export interface RecurrentLayer {
  readonly hidden: number;
  /** `[T,N,I]`. */
  readonly x: Value;
  readonly batchFirst: boolean;
  readonly directions: readonly RecurrentDirection[];
}

/** Reads operands and attributes that LSTM and GRU have in common, refusing by name what the graph cannot express. */
export function readRecurrentLayer(node: NodeContext, gates: number): RecurrentLayer {
  const { attributes } = node;
  if (attributes.has('clip')) throw new GrimError('attribute clip is not supported');
  const batchFirst = node.opset >= 14 && attributes.flag('layout', false);
  const directions = readDirections(attributes.string('direction') ?? 'forward');
  const given = node.operand(0, 'X');
  if (given.shape.length !== 3)
    throw new GrimError(`operand X must have 3 dimensions, got ${formatShape(given.shape)}`);
  const x = batchFirst ? transposeValue(node, given, [1, 0, 2], { part: 'transpose' }) : given;
  const [steps = 0, batch = 0, features = 0] = x.shape;
  const w = readWeights(node, 1, 'W');
  const r = readWeights(node, 2, 'R');
  const hidden = attributes.int('hidden_size') ?? r.shape[2] ?? 0;
  requireShape(w, [directions.length, gates * hidden, features], 'W');
  requireShape(r, [directions.length, gates * hidden, hidden], 'R');
  const bias = node.operands[3] && readWeights(node, 3, 'B');
  if (bias) requireShape(bias, [directions.length, 2 * gates * hidden], 'B');
  requireFullLengths(node, steps, batch);
  return {
    hidden,
    x,
    batchFirst,
    directions: directions.map((direction, position) => ({
      direction,
      part: directions.length === 1 ? undefined : direction,
      w: ofDirection(node, w, position),
      r: ofDirection(node, r, position),
      bias: bias ? ofDirection(node, bias, position) : null,
    })),
  };
}

/** The initial state `[N,H]` of one direction; `null` when it is absent or zero. */
export function initialState(
  node: NodeContext,
  layer: RecurrentLayer,
  operand: number,
  label: string,
  position: number,
): Value | null {
  const state = node.operands[operand];
  if (!state) return null;
  const batch = layer.x.shape[1] ?? 0;
  const count = layer.directions.length;
  requireShape(state, layer.batchFirst ? [batch, count, layer.hidden] : [count, batch, layer.hidden], label);
  if (state.kind === 'constant' && isFloat(state) && state.data.every((value) => value === 0)) return null;
  const suffix = layer.directions[position]?.part;
  const part = suffix === undefined ? label : `${label}/${suffix}`;
  const one = sliceAxis(node, state, layer.batchFirst ? 1 : 0, position, 1, { part: `${part}/slice` });
  return reshapeValue(node, one, [batch, layer.hidden], { part });
}

/**
 * The outputs of the ONNX node.
 *
 * @param sequences - `y [T,N,H]` per direction
 * @param states - per final state, its `[N,H]` per direction
 */
export function recurrentOutputs(
  node: NodeContext,
  layer: RecurrentLayer,
  sequences: readonly Value[],
  states: readonly (readonly Value[])[],
): readonly (Value | undefined)[] {
  const [steps = 0, batch = 0] = layer.x.shape;
  const { batchFirst, hidden, directions } = layer;
  const stack = (
    position: number,
    parts: readonly Value[],
    shape: readonly number[],
    axis: number,
  ): Value => {
    const label = ['Y', 'Y_h', 'Y_c'][position] ?? '';
    const values = [node.outputs[position] ?? ''];
    const single = parts.length === 1;
    const shaped = parts.map((part, direction) =>
      reshapeValue(
        node,
        part,
        shape,
        single ? { part: label, values } : { part: `${label}/${directions[direction]?.part ?? ''}` },
      ),
    );
    return concatValues(node, shaped, axis, { part: label, values });
  };
  const sequence = (): Value => {
    if (!batchFirst) return stack(0, sequences, [steps, 1, batch, hidden], 1);
    const turned = sequences.map((y, direction) =>
      transposeValue(node, y, [1, 0, 2], { part: `Y/transpose${directions.length === 1 ? '' : direction}` }),
    );
    return stack(0, turned, [batch, steps, 1, hidden], 2);
  };
  return [
    node.wants(0) ? sequence() : undefined,
    ...states.map((parts, state) =>
      node.wants(state + 1)
        ? stack(state + 1, parts, batchFirst ? [batch, 1, hidden] : [1, batch, hidden], batchFirst ? 1 : 0)
        : undefined,
    ),
  ];
}

function readDirections(name: string): readonly ('forward' | 'reverse')[] {
  switch (name) {
    case 'forward':
    case 'reverse':
      return [name];
    case 'bidirectional':
      return ['forward', 'reverse'];
    default:
      throw new GrimError(`attribute direction ${name} is not known`);
  }
}

function readWeights(node: NodeContext, position: number, label: string): FloatConstant {
  const constant = node.constant(position, label);
  if (!isFloat(constant)) throw new GrimError(`operand ${label} must be real numbers, got ${constant.type}`);
  return constant;
}

function requireShape(value: Value, expected: readonly number[], label: string): void {
  if (formatShape(value.shape) !== formatShape(expected)) {
    throw new GrimError(`operand ${label} must be ${formatShape(expected)}, got ${formatShape(value.shape)}`);
  }
}

/** The graph runs every sequence to its end. */
function requireFullLengths(node: NodeContext, steps: number, batch: number): void {
  const lengths = node.optionalConstant(4, 'sequence_lens');
  if (!lengths) return;
  if (lengths.data.length !== batch || lengths.data.some((length) => Number(length) !== steps)) {
    throw new GrimError(
      `operand sequence_lens must be ${steps} for each of ${batch} sequence(s): shorter ones are not supported`,
    );
  }
}

/** The weights of one direction, without their first dimension. They are named after the node that uses them. */
function ofDirection(node: NodeContext, stacked: FloatConstant, position: number): FloatConstant {
  const one = sliceAxis(node, stacked, 0, position, 1);
  if (one.kind !== 'constant' || !isFloat(one)) throw new TypeError('a part of a constant is a constant');
  return { kind: 'constant', type: one.type, shape: stacked.shape.slice(1), data: one.data };
}
