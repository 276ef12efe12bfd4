import { GrimError } from '@grim/ir';
import {
  AttributeProto_AttributeType as AttributeType,
  type AttributeProto,
  type GraphProto,
  type SparseTensorProto,
  type TensorProto,
} from '../gen/onnx_pb.ts';
import { maximumListLength } from '../import-limits.ts';

const decoder = new TextDecoder();
const typeNames = new Map<number, string>(Object.entries(AttributeType).map(([name, code]) => [code, name]));

/**
 * The attributes of one node. Every attribute that is read is noted, so that one nobody reads, which could change what
 * the node means, is refused instead of dropped.
 */
export class NodeAttributes {
  readonly #attributes = new Map<string, AttributeProto>();
  readonly #unread = new Set<string>();

  constructor(attributes: readonly AttributeProto[]) {
    for (const attribute of attributes) {
      if (this.#attributes.has(attribute.name))
        throw new GrimError(`attribute ${attribute.name} is given twice`);
      if (attribute.refAttrName !== '') {
        throw new GrimError(
          `attribute ${attribute.name} refers to a function attribute, which is not supported`,
        );
      }
      this.#attributes.set(attribute.name, attribute);
      this.#unread.add(attribute.name);
    }
  }

  /** Names of attributes that were not read. */
  get unread(): readonly string[] {
    return [...this.#unread];
  }

  has(name: string): boolean {
    return this.#attributes.has(name);
  }

  /** Marks attributes as read that do not change what is computed. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#unread.delete(name);
  }

  #find(name: string, type: AttributeType): AttributeProto | undefined {
    this.#unread.delete(name);
    const attribute = this.#attributes.get(name);
    // The first files did not say which field holds the value.
    if (attribute && attribute.type !== type && attribute.type !== AttributeType.UNDEFINED) {
      throw new GrimError(
        `attribute ${name} must be of type ${typeNames.get(type) ?? ''}, got ${typeNames.get(attribute.type) ?? attribute.type}`,
      );
    }
    return attribute;
  }

  int(name: string): number | undefined {
    const attribute = this.#find(name, AttributeType.INT);
    return attribute && toNumber(attribute.i);
  }

  ints(name: string): readonly number[] | undefined {
    const list = this.#find(name, AttributeType.INTS)?.ints;
    if (list && list.length > maximumListLength) {
      throw new GrimError(
        `attribute ${name} lists ${list.length} integers, at most ${maximumListLength} make sense`,
      );
    }
    return list?.map(toNumber);
  }

  /** Integers at full width. */
  bigints(name: string): readonly bigint[] | undefined {
    return this.#find(name, AttributeType.INTS)?.ints;
  }

  /** One integer at full width. */
  bigint(name: string): bigint | undefined {
    return this.#find(name, AttributeType.INT)?.i;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.int(name);
    if (value === undefined) return fallback;
    if (value !== 0 && value !== 1) throw new GrimError(`attribute ${name} must be 0 or 1, got ${value}`);
    return value === 1;
  }

  float(name: string): number | undefined {
    const value = this.#find(name, AttributeType.FLOAT)?.f;
    if (Number.isNaN(value)) throw new GrimError(`attribute ${name} is not a number`);
    return value;
  }

  floats(name: string): readonly number[] | undefined {
    return this.#find(name, AttributeType.FLOATS)?.floats;
  }

  /** Numbers of an attribute that is one, or a list of them. */
  numbers(name: string): readonly number[] | undefined {
    switch (this.#attributes.get(name)?.type) {
      case undefined:
        return undefined;
      case AttributeType.INT:
        return [this.int(name) ?? NaN];
      case AttributeType.FLOAT:
        return [this.float(name) ?? NaN];
      case AttributeType.INTS:
        return this.ints(name);
      case AttributeType.FLOATS:
        return this.floats(name);
      default:
        throw new GrimError(`attribute ${name} is no number and no list of numbers`);
    }
  }

  string(name: string): string | undefined {
    const attribute = this.#find(name, AttributeType.STRING);
    return attribute && decoder.decode(attribute.s);
  }

  strings(name: string): readonly string[] | undefined {
    return this.#find(name, AttributeType.STRINGS)?.strings.map((bytes) => decoder.decode(bytes));
  }

  tensor(name: string): TensorProto | undefined {
    return this.#find(name, AttributeType.TENSOR)?.t;
  }

  sparseTensor(name: string): SparseTensorProto | undefined {
    return this.#find(name, AttributeType.SPARSE_TENSOR)?.sparseTensor;
  }

  graph(name: string): GraphProto {
    const graph = this.#find(name, AttributeType.GRAPH)?.g;
    if (!graph) throw new GrimError(`attribute ${name} is missing`);
    return graph;
  }
}

/** A 64-bit integer as a number. ONNX marks "to the end" by the largest ones, so those are clamped and not refused. */
export function toNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER;
  if (value < BigInt(Number.MIN_SAFE_INTEGER)) return Number.MIN_SAFE_INTEGER;
  return Number(value);
}
