import { formatShape, GrimError, type Operator } from '@grim/ir';
import type { FoldingBudget } from '../folding/folding-budget.ts';
import { maximumListLength } from '../import-limits.ts';
import type { TensorSource } from '../model/tensor-source.ts';
import { isFloat, type Constant, type Value } from '../value.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { toNumber, type NodeAttributes } from './node-attributes.ts';

/** How a graph node made from part of an ONNX node is named. */
export interface PartNaming {
  /** Appended to the ONNX node's name; absent for the node that stands for the operator itself. */
  readonly part?: string;
  /** Names of the results; by default those of the ONNX node, or the part's name. */
  readonly values?: readonly string[];
}

/** What {@link NodeContext} is made of. */
export interface NodeDescription {
  readonly name: string;
  readonly opType: string;
  /** Version of the default operator set that the model uses. */
  readonly opset: number;
  /** Operands by position; `undefined` where an optional one is absent. */
  readonly operands: readonly (Value | undefined)[];
  /** Output names by position; empty where an output is not wanted. */
  readonly outputs: readonly string[];
  readonly attributes: NodeAttributes;
  /** See `ImportOptions.linearBeforeReset`. */
  readonly linearBeforeReset?: boolean | undefined;
}

/** One ONNX node as the importer of its operator sees it. */
export class NodeContext {
  readonly name: string;
  readonly opType: string;
  readonly opset: number;
  readonly operands: readonly (Value | undefined)[];
  readonly outputs: readonly string[];
  readonly attributes: NodeAttributes;
  readonly linearBeforeReset: boolean | undefined;
  readonly budget: FoldingBudget;
  readonly source: TensorSource;
  readonly #builder: GraphBuilder;

  constructor(description: NodeDescription, builder: GraphBuilder, source: TensorSource) {
    this.name = description.name;
    this.opType = description.opType;
    this.opset = description.opset;
    this.operands = description.operands;
    this.outputs = description.outputs;
    this.attributes = description.attributes;
    this.linearBeforeReset = description.linearBeforeReset;
    this.budget = source.budget;
    this.source = source;
    this.#builder = builder;
  }

  /** The operand at `position`, which must be there. */
  operand(position: number, label: string): Value {
    const operand = this.operands[position];
    if (!operand) throw new GrimError(`operand ${label} is missing`);
    return operand;
  }

  /** The operand at `position`, which must be known at import when it is there. */
  optionalConstant(position: number, label: string): Constant | undefined {
    const operand = this.operands[position];
    if (operand?.kind === 'dynamic') {
      throw new GrimError(
        `operand ${label} must be constant, but ${operand.name} depends on the model's inputs`,
      );
    }
    return operand;
  }

  /** The operand at `position`, which must be there and known at import. */
  constant(position: number, label: string): Constant {
    const constant = this.optionalConstant(position, label);
    if (!constant) throw new GrimError(`operand ${label} is missing`);
    return constant;
  }

  /** A short list of integers (axes, sizes, starts) given as an operand. */
  optionalIntegers(position: number, label: string): readonly number[] | undefined {
    const constant = this.optionalConstant(position, label);
    if (!constant) return undefined;
    if (isFloat(constant) || constant.shape.length > 1) {
      throw new GrimError(
        `operand ${label} must be a list of integers, got ${constant.type} ${formatShape(constant.shape)}`,
      );
    }
    if (constant.data.length > maximumListLength) {
      throw new GrimError(
        `operand ${label} lists ${constant.data.length} integers, at most ${maximumListLength} make sense`,
      );
    }
    return Array.from(constant.data, toNumber);
  }

  /** A single number given as an operand. */
  optionalScalar(position: number, label: string): number | undefined {
    const constant = this.optionalConstant(position, label);
    if (!constant) return undefined;
    const [value] = constant.data;
    if (constant.data.length !== 1 || value === undefined) {
      throw new GrimError(
        `operand ${label} must be a single number, got shape ${formatShape(constant.shape)}`,
      );
    }
    return typeof value === 'bigint' ? toNumber(value) : value;
  }

  /** Whether the output at `position` is used by the model. */
  wants(position: number): boolean {
    return (this.outputs[position] ?? '') !== '';
  }

  /** All results of a graph operator; see `GraphBuilder.apply`. */
  applyAll(op: Operator, operands: readonly (Value | null)[], naming: PartNaming = {}): Value[] {
    const node = naming.part === undefined ? this.name : `${this.name}/${naming.part}`;
    const values = naming.values ?? (naming.part === undefined ? this.outputs : []);
    return this.#builder.apply(op, operands, { node, values });
  }

  /** The first result of a graph operator; see `GraphBuilder.apply`. */
  apply(op: Operator, operands: readonly (Value | null)[], naming?: PartNaming): Value {
    const [result] = this.applyAll(op, operands, naming);
    if (!result) throw new TypeError(`operator ${op.kind} has no result`);
    return result;
  }
}

/** An axis counted from the end when negative, as an index. */
export function normalizeAxis(axis: number, rank: number): number {
  const index = axis < 0 ? axis + rank : axis;
  if (!(index >= 0 && index < rank))
    throw new GrimError(`axis ${axis} is outside a tensor of ${rank} dimension(s)`);
  return index;
}

/** Axes as indices in ascending order; refuses one that is named twice. */
export function normalizeAxes(axes: readonly number[], rank: number): number[] {
  const indices = axes.map((axis) => normalizeAxis(axis, rank));
  if (new Set(indices).size !== indices.length)
    throw new GrimError(`axes [${axes.join(',')}] name one axis twice`);
  return indices.sort((a, b) => a - b);
}
