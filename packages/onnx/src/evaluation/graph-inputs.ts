import { elementCount, formatShape, GrimError, withContext, type GraphInput, type Shape } from '@grim/ir';
import type { TypeProto, ValueInfoProto } from '../gen/onnx_pb.ts';
import type { FoldingBudget } from '../folding/folding-budget.ts';
import type { ImportOptions } from '../import-options.ts';
import { castConstant } from '../folding/cast-constant.ts';
import { wrapInteger } from '../folding/integers.ts';
import { storedType } from '../model/element-type.ts';
import type { Constant, ElementType, Value } from '../value.ts';
import { toNumber } from './node-attributes.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** A dimension as a model declares it: an extent, a name for one, or nothing. */
interface Dimension {
  readonly extent?: number;
  readonly name: string;
}

interface DeclaredInput {
  readonly name: string;
  readonly type: ElementType;
  /** Absent when the model does not even state the number of dimensions. */
  readonly dimensions: readonly Dimension[] | undefined;
}

/** The inputs of a model: which are constant, and the shapes of the others. */
export class GraphInputs {
  readonly #declared = new Map<string, ValueInfoProto>();
  readonly #resolved = new Map<string, Value>();
  /** Extents of dimensions that the model names, as far as the options tell. */
  readonly #named = new Map<string, number>();
  readonly #options: ImportOptions;
  readonly #builder: GraphBuilder;
  readonly #budget: FoldingBudget;

  /** @param inputs - the declared inputs that have no default value */
  constructor(
    inputs: readonly ValueInfoProto[],
    options: ImportOptions,
    builder: GraphBuilder,
    budget: FoldingBudget,
  ) {
    this.#options = options;
    this.#builder = builder;
    this.#budget = budget;
    for (const input of inputs) {
      if (this.#declared.has(input.name)) throw new GrimError(`two inputs are named ${input.name}`);
      this.#declared.set(input.name, input);
    }
    this.#refuseUnknown('inputs', Object.keys(options.inputs ?? {}));
    this.#refuseUnknown('shapes', Object.keys(options.shapes ?? {}));
    for (const [name, shape] of Object.entries(options.shapes ?? {})) this.#bindNames(name, shape);
  }

  has(name: string): boolean {
    return this.#declared.has(name);
  }

  /** The inputs that were asked for and are not constant, in the order the model declares them. */
  get used(): readonly GraphInput[] {
    return [...this.#declared.keys()].flatMap((name) => {
      const value = this.#resolved.get(name);
      return value?.kind === 'dynamic' ? [{ name: value.name, shape: value.shape }] : [];
    });
  }

  /** What an input is: the constant it was fixed to, or a value of known shape. */
  resolve(name: string): Value {
    const known = this.#resolved.get(name);
    if (known) return known;
    const value = withContext({ layer: name }, () => this.#resolve(name));
    this.#resolved.set(name, value);
    return value;
  }

  #resolve(name: string): Value {
    const info = this.#declared.get(name);
    if (!info) throw new GrimError('there is no such input');
    const declared = readDeclaration(name, info.type);
    const fixed = this.#options.inputs?.[name];
    if (fixed !== undefined) return this.#fix(declared, typeof fixed === 'number' ? [fixed] : fixed);
    if (declared.type !== 'float' && declared.type !== 'double') {
      throw new GrimError(
        `an input of type ${declared.type} must be fixed at import; give its value, e.g. inputs: { ${key(name)}: 1 }`,
      );
    }
    const shape = this.#shape(declared);
    this.#budget.checkShape(shape);
    return this.#builder.input(name, shape);
  }

  #fix(declared: DeclaredInput, values: readonly number[]): Constant {
    const shape = this.#fixedShape(declared, values.length);
    if (elementCount(shape) !== values.length) {
      throw new GrimError(
        `shape ${formatShape(shape)} needs ${elementCount(shape)} value(s), got ${values.length}`,
      );
    }
    const { type } = declared;
    const floats: Constant = { kind: 'constant', type: 'double', shape, data: Float64Array.from(values) };
    if (type === 'float' || type === 'double') return castConstant(floats, type, this.#budget);
    for (const value of values) {
      if (!Number.isSafeInteger(value) || wrapInteger(type, BigInt(value)) !== BigInt(value)) {
        throw new GrimError(`${value} is not a value of type ${type}`);
      }
    }
    return castConstant(floats, type, this.#budget);
  }

  /** The shape of a fixed input: open dimensions are 1, except that a single one takes the values that are left. */
  #fixedShape(declared: DeclaredInput, count: number): Shape {
    const { dimensions, name } = declared;
    if (this.#options.shapes?.[name]) return this.#shape(declared);
    if (!dimensions) return count === 1 ? [] : [count];
    const extents = dimensions.map((dimension) => dimension.extent ?? this.#named.get(dimension.name));
    const open = extents.filter((extent) => extent === undefined).length;
    const known = extents.reduce((product: number, extent) => product * (extent ?? 1), 1);
    return extents.map((extent) => extent ?? (open === 1 ? Math.floor(count / Math.max(1, known)) : 1));
  }

  #shape({ name, dimensions }: DeclaredInput): Shape {
    const given = this.#options.shapes?.[name];
    if (given) return given;
    if (!dimensions) {
      throw new GrimError(`its shape is not stated; give it, e.g. shapes: { ${key(name)}: [1, 512] }`);
    }
    const extents = dimensions.map((dimension, axis) => this.#extent(dimension, axis, dimensions));
    const open = extents.flatMap((extent, axis) => (extent === undefined ? [axis] : []));
    if (open.length > 0) {
      const labels = open.map((axis) => {
        const label = dimensions[axis]?.name ?? '';
        return label === '' ? String(axis) : `${axis} (${label})`;
      });
      const example = extents.map((extent) => extent ?? 512).join(', ');
      throw new GrimError(
        `${open.length === 1 ? 'dimension' : 'dimensions'} ${labels.join(', ')} ${open.length === 1 ? 'is' : 'are'} not fixed; ` +
          `give its shape, e.g. shapes: { ${key(name)}: [${example}] }`,
      );
    }
    return extents.map((extent) => extent ?? 1);
  }

  #extent(dimension: Dimension, axis: number, dimensions: readonly Dimension[]): number | undefined {
    if (dimension.extent !== undefined) return dimension.extent;
    const bound = this.#named.get(dimension.name);
    if (bound !== undefined) return bound;
    return isBatch(dimension, axis, dimensions) ? 1 : undefined;
  }

  #bindNames(input: string, shape: readonly number[]): void {
    withContext({ layer: input }, () => {
      if (!shape.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
        throw new GrimError(`shape ${formatShape(shape)} must hold positive integers`);
      }
      const { dimensions } = readDeclaration(input, this.#declared.get(input)?.type);
      if (!dimensions) return;
      const fits =
        shape.length === dimensions.length &&
        dimensions.every(({ extent }, axis) => extent === undefined || extent === shape[axis]);
      if (!fits) {
        throw new GrimError(
          `shape ${formatShape(shape)} does not fit the declared shape ${formatDimensions(dimensions)}`,
        );
      }
      dimensions.forEach(({ name }, axis) => {
        const extent = shape[axis];
        if (name === '' || extent === undefined) return;
        const bound = this.#named.get(name);
        if (bound !== undefined && bound !== extent) {
          throw new GrimError(`dimension ${name} cannot be both ${bound} and ${extent}`);
        }
        this.#named.set(name, extent);
      });
    });
  }

  #refuseUnknown(option: string, names: readonly string[]): void {
    for (const name of names) {
      if (!this.#declared.has(name)) {
        const known = [...this.#declared.keys()].join(', ') || 'none';
        throw new GrimError(
          `option ${option} names ${name}, which is no input of the model; its inputs are: ${known}`,
        );
      }
    }
  }
}

/**
 * Whether an open dimension is the batch, and so 1 unless it is given: it is called so; or it has no name and is the first
 * one, or the middle one of `[layers, batch, hidden]`, the shape recurrent state has.
 */
function isBatch(dimension: Dimension, axis: number, dimensions: readonly Dimension[]): boolean {
  if (dimension.name !== '') return /batch/i.test(dimension.name) || /^[bn]$/i.test(dimension.name);
  const state =
    dimensions.length === 3 && dimensions.every(({ extent }, other) => other === 1 || extent !== undefined);
  return axis === 0 || (axis === 1 && state);
}

function readDeclaration(name: string, type: TypeProto | undefined): DeclaredInput {
  if (type?.value.case !== 'tensorType') throw new GrimError('it is no tensor');
  const { elemType, shape } = type.value.value;
  const dimensions = shape?.dim.map(({ value }): Dimension => {
    switch (value.case) {
      case 'dimValue':
        // Exporters also write unknown dimensions as 0 or -1.
        return value.value > 0n ? { extent: toNumber(value.value), name: '' } : { name: '' };
      case 'dimParam':
        return { name: value.value };
      default:
        return { name: '' };
    }
  });
  return { name, type: storedType(elemType).type, dimensions };
}

function formatDimensions(dimensions: readonly Dimension[]): string {
  return `[${dimensions.map(({ extent, name }) => extent ?? (name === '' ? '?' : name)).join(',')}]`;
}

/** A name as it is written in an object literal. */
function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
