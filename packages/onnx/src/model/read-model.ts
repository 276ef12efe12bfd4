import { fromBinary } from '@bufbuild/protobuf';
import { GrimError } from '@grim/ir';
import { ModelProtoSchema, type GraphProto, type ModelProto } from '../gen/onnx_pb.ts';
import type { ImportLimits } from '../import-limits.ts';
import { checkStructure } from './check-structure.ts';

const oldestIrVersion = 3n;
const newestIrVersion = 14n;
const oldestOpset = 7n;
const newestOpset = 22n;

/** A decoded model whose versions are supported. */
export interface OnnxModel {
  readonly graph: GraphProto;
  /** Version of the default operator set. */
  readonly opset: number;
}

/** Whether a domain is that of the operators that ONNX itself defines. */
export function isDefaultDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function decode(bytes: Uint8Array, limits: ImportLimits): ModelProto {
  try {
    checkStructure(ModelProtoSchema, bytes, limits);
    return fromBinary(ModelProtoSchema, bytes, {
      readUnknownFields: false,
      // The structure check bounds the depth.
      recursionLimit: Infinity,
    });
  } catch (error) {
    // The decoder has no error type of its own; whatever stops it is about the bytes.
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : 'malformed';
    throw new GrimError(`not an ONNX model: ${reason}`);
  }
}

/** Decodes an ONNX file and checks its versions: IR 3 to 14, default operator set 7 to 22. */
export function readModel(bytes: Uint8Array, limits: ImportLimits): OnnxModel {
  const model = decode(bytes, limits);
  const { graph, irVersion } = model;
  if (!graph) throw new GrimError('not an ONNX model: it has no graph');
  if (irVersion < oldestIrVersion || irVersion > newestIrVersion) {
    throw new GrimError(
      `IR version ${irVersion} is not supported, only ${oldestIrVersion} to ${newestIrVersion}`,
    );
  }
  const imports = model.opsetImport.filter(({ domain }) => isDefaultDomain(domain));
  const [opset] = imports;
  if (!opset || imports.some(({ version }) => version !== opset.version)) {
    throw new GrimError('the model does not say which version of the default operator set it uses');
  }
  if (opset.version < oldestOpset || opset.version > newestOpset) {
    throw new GrimError(`opset ${opset.version} is not supported, only ${oldestOpset} to ${newestOpset}`);
  }
  return { graph, opset: Number(opset.version) };
}
