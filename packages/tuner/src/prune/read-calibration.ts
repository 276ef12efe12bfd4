import {
  elementCount,
  formatShape,
  GrimError,
  sameShape,
  type Graph,
  type GraphInput,
  type Shape,
} from '@grim/ir';
import type { CalibrationSequence } from '@grim/prune';
import { mixToMono, readWav, resample } from '@grim/speech';
import { namingFile } from '../files/naming-file.ts';
import { readNpy } from '../files/npy/read-npy.ts';
import { readInputFile } from '../files/read-input-file.ts';

/** Where calibration inputs come from. */
export interface CalibrationFiles {
  /** Paths of `.npy` and `.wav` files by input; the first ones of all inputs are one sequence, the second ones the next. */
  readonly data: Readonly<Record<string, readonly string[]>>;
  /** Samples from the start of one window of a recording to that of the next; the samples of the input when absent. */
  readonly hop?: number;
  /** Samples per second that the model is for: recordings are brought to it; they are taken as they are when absent. */
  readonly sampleRate?: number;
}

/**
 * Reads calibration inputs. An `.npy` file holds one run, or with a leading dimension more one run after the other; a `.wav`
 * file is cut into windows as long as the input, which overlap where the hop is smaller.
 *
 * @throws GrimError when inputs are missing or unknown, files cannot be read or do not fit, or hold different numbers of runs.
 */
export async function readCalibration(graph: Graph, files: CalibrationFiles): Promise<CalibrationSequence[]> {
  const known = graph.inputs.map(({ name, shape }) => `${name} ${formatShape(shape)}`).join(', ') || 'none';
  for (const name of Object.keys(files.data)) {
    if (!graph.inputs.some((input) => input.name === name)) {
      throw new GrimError(`--data: there is no input ${name}; the model has: ${known}`);
    }
  }
  const count = Math.max(0, ...Object.values(files.data).map((paths) => paths.length));
  const sequences: CalibrationSequence[] = [];
  for (let sequence = 0; sequence < count; sequence++) {
    const columns = await Promise.all(
      graph.inputs.map(async (input) => {
        const file = files.data[input.name]?.[sequence];
        if (file === undefined) {
          throw new GrimError(
            `--data: input ${input.name} has ${files.data[input.name]?.length ?? 0} file(s), others ${count}; the model has: ${known}`,
          );
        }
        return { input, file, runs: await readRuns(file, input, files) };
      }),
    );
    sequences.push(joinInputs(columns));
  }
  return sequences;
}

interface InputRuns {
  readonly input: GraphInput;
  readonly file: string;
  readonly runs: readonly Float32Array[];
}

function joinInputs(columns: readonly InputRuns[]): CalibrationSequence {
  const [first] = columns;
  const length = first?.runs.length ?? 0;
  for (const { file, runs } of columns) {
    if (runs.length !== length) {
      throw new GrimError(`holds ${runs.length} run(s), ${first?.file ?? ''} ${length}`, { file });
    }
  }
  return Array.from({ length }, (_, run) =>
    Object.fromEntries(
      columns.map(({ input, runs }) => [input.name, runs[run] ?? new Float32Array()] as const),
    ),
  );
}

async function readRuns(
  file: string,
  { name, shape }: GraphInput,
  { hop, sampleRate }: CalibrationFiles,
): Promise<Float32Array[]> {
  const bytes = await readInputFile(file);
  const length = elementCount(shape);
  return namingFile(file, () => {
    if (!isWav(bytes)) {
      if ((hop ?? sampleRate) !== undefined) {
        throw new GrimError('is no .wav file, and --hop and --sample-rate are for these');
      }
      const runs = runsOf(readNpy(bytes), name, shape);
      checkFinite(runs, name);
      return runs;
    }
    const audio = readWav(bytes);
    const mono = mixToMono(audio.channels);
    const samples =
      sampleRate === undefined || sampleRate === audio.sampleRate
        ? mono
        : resample(mono, audio.sampleRate, sampleRate);
    return windows(samples, length, hop ?? length, name);
  });
}

function checkFinite(runs: readonly Float32Array[], name: string): void {
  for (const [run, values] of runs.entries()) {
    const index = values.findIndex((value) => !Number.isFinite(value));
    if (index < 0) continue;
    throw new GrimError(
      `run ${run} of input ${name} holds ${values[index] ?? NaN} at index ${index}, expected numbers`,
    );
  }
}

/** `RIFF`, the first bytes of a WAV file. */
function isWav(bytes: Uint8Array): boolean {
  return [0x52, 0x49, 0x46, 0x46].every((byte, index) => bytes[index] === byte);
}

function runsOf(
  { shape, data }: { readonly shape: Shape; readonly data: Float32Array },
  name: string,
  wanted: Shape,
): Float32Array[] {
  if (sameShape(shape, wanted)) return [data];
  if (!sameShape(shape.slice(1), wanted) || shape.length !== wanted.length + 1) {
    throw new GrimError(
      `input ${name} needs shape ${formatShape(wanted)}, or [runs${wanted.map((extent) => `,${extent}`).join('')}], the array has ${formatShape(shape)}`,
    );
  }
  const length = elementCount(wanted);
  return Array.from({ length: shape[0] ?? 0 }, (_, run) => data.subarray(run * length, (run + 1) * length));
}

function windows(samples: Float32Array, length: number, hop: number, name: string): Float32Array[] {
  if (!Number.isInteger(hop) || hop < 1) {
    throw new GrimError(`windows ${hop} samples apart: expected a whole number of at least 1`);
  }
  if (samples.length < length) {
    throw new GrimError(`has ${samples.length} samples, input ${name} needs ${length}`);
  }
  const count = Math.floor((samples.length - length) / hop) + 1;
  return Array.from({ length: count }, (_, window) => samples.subarray(window * hop, window * hop + length));
}
