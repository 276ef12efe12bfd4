import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { elementCount, formatShape, GrimError, type Shape } from '@grim/ir';
import type * as OnnxRuntimeNode from 'onnxruntime-node';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ImportSettings } from '../model/import-settings.ts';
import type { OnnxInterface } from './onnx-interface.ts';

/** Packages that run ONNX models; none is needed for anything but comparisons. */
export const onnxRuntimes = ['onnxruntime-node', 'onnxruntime-web'] as const;

/** One of {@link onnxRuntimes}. */
export type OnnxRuntimeName = (typeof onnxRuntimes)[number];

/** A stream through an ONNX model in onnxruntime, with carried state. */
export interface OnnxRuntimeStream {
  readonly version: string;
  /** Runs the model once. */
  readonly run: (
    inputs: Readonly<Record<string, Float32Array>>,
  ) => Promise<Readonly<Record<string, Float32Array>>>;
  /** Puts all states back to zero. */
  readonly reset: () => void;
}

/** The part of both packages that is used. */
type OnnxRuntimeModule = Pick<typeof OnnxRuntimeNode, 'InferenceSession' | 'Tensor' | 'env'>;

type ElementData =
  Float32Array | Float64Array | BigInt64Array | BigUint64Array | Int32Array | Uint32Array | Uint8Array;

/** Element types that inputs are fixed to. */
const fixedTypes: Readonly<Record<string, (values: readonly number[]) => ElementData>> = {
  bool: (values) => Uint8Array.from(values),
  float32: (values) => Float32Array.from(values),
  float64: (values) => Float64Array.from(values),
  int32: (values) => Int32Array.from(values),
  int64: (values) => BigInt64Array.from(values, BigInt),
  uint32: (values) => Uint32Array.from(values),
  uint64: (values) => BigUint64Array.from(values, BigInt),
  uint8: (values) => Uint8Array.from(values),
};

/**
 * Opens a model in onnxruntime, with one thread.
 *
 * @param name - Which package; it has to be installed beside the command or in the current folder.
 * @returns The model, or `undefined` when the package is not installed.
 * @throws GrimError when the package refuses the model.
 */
export async function openOnnxRuntime(
  name: OnnxRuntimeName,
  file: string,
  bytes: Uint8Array,
  settings: ImportSettings,
  ports: OnnxInterface,
): Promise<OnnxRuntimeStream | undefined> {
  const runtime = await load(name);
  if (!runtime) return undefined;
  runtime.env.wasm.numThreads = 1;
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' } as const;
  let session: InferenceSession;
  try {
    // By path, the native one also finds external weights.
    session = await (name === 'onnxruntime-node'
      ? runtime.InferenceSession.create(file, options)
      : runtime.InferenceSession.create(bytes, options));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
    throw new GrimError(`${name} refuses the model: ${reason}`, { file });
  }
  const fixed = fixedFeeds(runtime, session, settings, ports);
  const initial = (): Record<string, Tensor> =>
    Object.fromEntries(
      ports.states.map(({ name: state, shape }) => [
        state,
        new runtime.Tensor('float32', new Float32Array(elementCount(shape)), shape),
      ]),
    );
  let states = initial();
  return {
    version:
      name === 'onnxruntime-node' ? (runtime.env.versions.node ?? '') : (runtime.env.versions.web ?? ''),
    reset: () => {
      states = initial();
    },
    run: async (inputs) => {
      const feeds: Record<string, Tensor> = { ...fixed, ...states };
      for (const { name: input, shape } of ports.inputs) {
        feeds[input] = new runtime.Tensor('float32', inputs[input] ?? new Float32Array(0), shape);
      }
      const results = await session.run(feeds);
      const next: Record<string, Tensor> = {};
      for (const { name: state, output } of ports.states) {
        const result = results[output];
        if (result) next[state] = result;
      }
      states = next;
      return Object.fromEntries(
        ports.outputs.map(({ name: output }) => [output, floats(results[output], output, name)]),
      );
    },
  };
}

function floats(tensor: Tensor | undefined, output: string, name: OnnxRuntimeName): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new GrimError(`${name} gives output ${output} as ${tensor?.type ?? 'nothing'}, expected float32`);
}

/** Inputs that do not change from run to run; those that the imported graph does not read are zeros. */
function fixedFeeds(
  runtime: OnnxRuntimeModule,
  session: InferenceSession,
  settings: ImportSettings,
  ports: OnnxInterface,
): Record<string, Tensor> {
  const changing = new Set([...ports.inputs, ...ports.states].map(({ name }) => name));
  const feeds: Record<string, Tensor> = {};
  for (const metadata of session.inputMetadata) {
    const { name } = metadata;
    if (changing.has(name)) continue;
    if (!metadata.isTensor) throw new GrimError(`input ${name} is no tensor`);
    const shape =
      settings.shapes?.[name] ?? openDimensionsAre(settings.set?.[name]?.length ?? 1, metadata.shape);
    const values = settings.set?.[name] ?? new Array<number>(elementCount(shape)).fill(0);
    const make = fixedTypes[metadata.type];
    if (!make || values.length !== elementCount(shape)) {
      throw new GrimError(
        `input ${name} of type ${metadata.type} and shape ${formatShape(shape)} cannot be given ${values.length} value(s)`,
      );
    }
    feeds[name] = new runtime.Tensor(metadata.type, make(values), shape);
  }
  return feeds;
}

/** The shape of `count` values: of open dimensions, the last takes what is left and the others are 1. */
function openDimensionsAre(count: number, dimensions: readonly (number | string)[]): Shape {
  const known = dimensions.map((extent) => (typeof extent === 'number' && extent > 0 ? extent : undefined));
  const product = known.reduce((total: number, extent) => total * (extent ?? 1), 1);
  const last = known.lastIndexOf(undefined);
  return known.map((extent, axis) => extent ?? (axis === last ? count / product : 1));
}

async function load(name: OnnxRuntimeName): Promise<OnnxRuntimeModule | undefined> {
  for (const specifier of [name, beside(name)]) {
    if (specifier === undefined) continue;
    try {
      return (await import(specifier)) as OnnxRuntimeModule;
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
      if (!missing) throw error;
    }
  }
  return undefined;
}

/** The package as the current folder has it: a command that is installed for all folders does not see it otherwise. */
function beside(name: OnnxRuntimeName): string | undefined {
  try {
    return pathToFileURL(createRequire(join(process.cwd(), 'package.json')).resolve(name)).href;
  } catch {
    return undefined;
  }
}
