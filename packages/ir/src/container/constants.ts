import { GrimError, withContext } from '../errors.ts';
import type { Graph } from '../graph.ts';
import type { Constant as ConstantMessage } from '../gen/grim/v1/graph_pb.ts';
import type { BcrSpec } from '../layer-spec.ts';
import { elementCount, formatShape, type Shape, type Tensor } from '../tensor.ts';
import { alignUp } from './align-up.ts';
import type { MatrixCodec } from './artefact.ts';
import { checkShape } from './check-shape.ts';
import { floatBytes, viewFloats } from './float-bytes.ts';
import { maximumExpansion } from './limits.ts';
import type { SectionContent } from './write-container.ts';

/** Constants start at multiples of this many bytes in the weights section. */
const constantAlignment = 16;

/** A constant as the graph section describes it. */
export type StoredConstant = Pick<ConstantMessage, 'codec' | 'length' | 'name' | 'offset' | 'shape'>;

/** Lays the constants of a graph out in the weights section; pruned ones take the first codec that makes them smaller. */
export function storeConstants(
  graph: Graph,
  codecs: readonly MatrixCodec[],
): { constants: StoredConstant[]; parts: SectionContent['parts'] } {
  const specs = bcrSpecs(graph);
  const constants: StoredConstant[] = [];
  const parts: { offset: number; bytes: Uint8Array }[] = [];
  let end = 0;
  for (const [name, tensor] of graph.constants) {
    const spec = specs.get(name);
    const compact = spec && withContext({ layer: name }, () => compactForm(tensor, spec, codecs));
    const bytes = compact?.bytes ?? floatBytes(tensor.data);
    const offset = alignUp(end, constantAlignment);
    constants.push({
      name,
      shape: [...tensor.shape],
      offset,
      length: bytes.length,
      codec: compact?.codec ?? '',
    });
    parts.push({ offset, bytes });
    end = offset + bytes.length;
  }
  return { constants, parts };
}

/** Reads the constants back. Dense ones share the memory of `weights` when it is aligned. */
export function loadConstants(
  constants: readonly StoredConstant[],
  weights: Uint8Array,
  codecs: readonly MatrixCodec[],
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  let end = 0;
  for (const constant of constants) {
    const { name, offset, length } = constant;
    withContext({ layer: name }, () => {
      if (tensors.has(name)) throw new GrimError('is the name of two constants');
      if (offset % constantAlignment !== 0) {
        throw new GrimError(`starts at byte ${offset}, which is not a multiple of ${constantAlignment}`);
      }
      // Ascending ranges cannot share bytes, so a small file cannot describe large weights many times over.
      if (offset < end) throw new GrimError(`starts at byte ${offset}, inside what ends at byte ${end}`);
      end = offset + length;
      if (end > weights.length) {
        throw new GrimError(`ends at byte ${end} of a weights section of ${weights.length} bytes`);
      }
      tensors.set(name, loadConstant(constant, weights.subarray(offset, end), codecs));
    });
  }
  return tensors;
}

/** The pruning of each constant, from the first node that says. */
function bcrSpecs(graph: Graph): Map<string, BcrSpec> {
  const specs = new Map<string, BcrSpec>();
  for (const node of graph.nodes) {
    for (const { input, bcr } of node.weights ?? []) {
      const value = node.inputs[input];
      if (bcr && typeof value === 'string' && !specs.has(value)) specs.set(value, bcr);
    }
  }
  return specs;
}

function matrixOf(shape: Shape): { rows: number; columns: number } {
  return { rows: shape[0] ?? 1, columns: elementCount(shape.slice(1)) };
}

function compactForm(
  { shape, data }: Tensor,
  spec: BcrSpec,
  codecs: readonly MatrixCodec[],
): { codec: string; bytes: Uint8Array } | undefined {
  const { rows, columns } = matrixOf(shape);
  for (const codec of codecs) {
    const bytes = codec.encode(data, rows, columns, spec);
    if (!bytes || bytes.length >= data.byteLength) continue;
    if (data.byteLength > maximumExpansion * bytes.length) continue;
    const decoded = codec.decode(bytes, rows, columns);
    if (decoded.length !== data.length || !decoded.every((value, index) => value === data[index])) {
      throw new Error(`codec ${codec.id} does not give back the ${formatShape(shape)} weights it was given`);
    }
    return { codec: codec.id, bytes };
  }
  return undefined;
}

function loadConstant(constant: StoredConstant, bytes: Uint8Array, codecs: readonly MatrixCodec[]): Tensor {
  const { shape, codec } = constant;
  checkShape('the constant', shape);
  const needed = 4 * elementCount(shape);
  if (codec === '') {
    if (bytes.length !== needed) {
      throw new GrimError(`has ${bytes.length} bytes, shape ${formatShape(shape)} needs ${needed}`);
    }
    return { shape, data: viewFloats(bytes) };
  }
  if (needed > maximumExpansion * bytes.length) {
    throw new GrimError(
      `has ${bytes.length} bytes in codec ${codec}, too few for shape ${formatShape(shape)}: at most ${maximumExpansion} times as many come out`,
    );
  }
  return { shape, data: decodeMatrix(codec, bytes, shape, codecs) };
}

function decodeMatrix(
  id: string,
  bytes: Uint8Array,
  shape: Shape,
  codecs: readonly MatrixCodec[],
): Float32Array {
  const codec = codecs.find((candidate) => candidate.id === id);
  if (!codec) throw new GrimError(`is stored in codec ${id}, which was not given to the reader`);
  const { rows, columns } = matrixOf(shape);
  let data: Float32Array;
  try {
    data = codec.decode(bytes, rows, columns);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GrimError(`cannot be decoded by codec ${id}: ${error.message}`);
  }
  if (data.length !== rows * columns) {
    throw new GrimError(
      `has ${data.length} values in codec ${id}, shape ${formatShape(shape)} needs ${rows * columns}`,
    );
  }
  return data;
}
