import { elementCount, GrimError, withContext, type Tensor } from '@grim/ir';
import type { Model, Session } from '@grim/runtime';
import { writeNpy } from '../files/npy/write-npy.ts';
import { writeOutputFile } from '../files/write-output-file.ts';
import { closingModels } from '../model/closing-models.ts';
import type { ExecutionSettings } from '../model/execution-settings.ts';
import type { ImportSettings } from '../model/import-settings.ts';
import { openModel } from '../model/open-model.ts';
import { programOf } from '../model/program-of.ts';
import { startProgram } from '../model/start-program.ts';
import type { ProgressListener } from '../progress.ts';
import { executionReport, type ExecutionReport } from '../reports/execution-report.ts';
import type { PortReport } from '../reports/port-report.ts';
import { outputFiles } from './output-files.ts';
import { readFrames } from './read-frames.ts';
import { summarise, type ArraySummary } from './summarise.ts';

/** What {@link runModel} runs, on what, and where the results go. */
export interface RunOptions extends ImportSettings, ExecutionSettings {
  /** Path of an `.onnx` or `.grim` file. */
  readonly model: string;
  /** Paths of `.npy` files by input. */
  readonly inputs: Readonly<Record<string, string>>;
  /** A folder for one `.npy` file per output, or a `.npy` file for the only one; nothing is written when absent. */
  readonly output?: string;
  /** Inputs have a leading dimension more: the model runs once per step, with carried state (default false). */
  readonly steps?: boolean;
  /** Paths of `.npy` files for all states before the first run, by state. */
  readonly initialStates?: Readonly<Record<string, string>>;
  /** A folder for one `.npy` file per state after the last run. */
  readonly saveStates?: string;
}

/** One array that came out. */
export interface ArrayReport extends ArraySummary {
  readonly name: string;
  /** Where it was written; `null` when it was not. */
  readonly file: string | null;
}

/** What came out. */
export interface RunResult extends ExecutionReport {
  readonly file: string;
  /** Runs of the model. */
  readonly steps: number;
  readonly outputs: readonly ArrayReport[];
  /** States after the last run. */
  readonly states: readonly ArrayReport[];
}

/**
 * Runs a model on `.npy` files.
 *
 * @throws GrimError when the model or an input cannot be read, shapes do not fit, or an output cannot be written.
 */
export async function runModel(options: RunOptions, onProgress?: ProgressListener): Promise<RunResult> {
  const file = await openModel(options.model, options);
  const program = await programOf(file, options.threads);
  return closingModels(async (keep) =>
    runFrames(keep(await startProgram(program, options.model, options)), options, onProgress),
  );
}

async function runFrames(
  model: Model,
  { model: path, inputs, output, steps = false, initialStates, saveStates }: RunOptions,
  onProgress?: ProgressListener,
): Promise<RunResult> {
  const session = model.createSession();
  if (initialStates) session.setState((await readFrames(initialStates, model.states, false, 'state')).at(0));
  const frames = await readFrames(inputs, model.inputs, steps);
  const read = [path, ...Object.values(inputs), ...Object.values(initialStates ?? {})];
  const names = (ports: readonly PortReport[]): string[] => ports.map(({ name }) => name);
  const targets = output === undefined ? [] : await outputFiles(output, names(model.outputs), read);
  const stateTargets =
    saveStates === undefined ? [] : await outputFiles(saveStates, names(model.states), read);
  refuseCollisions([...targets, ...stateTargets]);

  const results = withContext({ file: path }, () => {
    const tensors = model.outputs.map(({ shape }): Tensor => {
      const length = elementCount(shape) * frames.count;
      return { shape: steps ? [frames.count, ...shape] : shape, data: allocate(length) };
    });
    for (let frame = 0; frame < frames.count; frame++) {
      const outputs = session.run(frames.at(frame));
      for (const [index, { name, length }] of model.outputs.entries()) {
        tensors[index]?.data.set(outputs[name] ?? [], frame * length);
      }
      onProgress?.({ stage: 'running', done: frame + 1, total: frames.count });
    }
    return tensors;
  });
  return {
    file: path,
    steps: frames.count,
    ...executionReport(model),
    outputs: await writeArrays(model.outputs, results, targets),
    states: await writeArrays(model.states, stateTensors(session, model.states), stateTargets),
  };
}

function allocate(length: number): Float32Array {
  try {
    return new Float32Array(length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GrimError(`an output of ${length} values for all steps is too large`);
  }
}

function stateTensors(session: Session, ports: readonly PortReport[]): Tensor[] {
  const states = session.getState();
  return ports.map(({ name, shape }) => ({ shape, data: states[name] ?? new Float32Array(0) }));
}

function refuseCollisions(files: readonly string[]): void {
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined)
    throw new GrimError('would be written twice; give states another folder', { file: twice });
}

async function writeArrays(
  ports: readonly PortReport[],
  tensors: readonly Tensor[],
  files: readonly string[],
): Promise<ArrayReport[]> {
  const reports: ArrayReport[] = [];
  for (const [index, { name }] of ports.entries()) {
    const tensor = tensors[index];
    if (!tensor) continue;
    const file = files[index];
    if (file !== undefined) await writeOutputFile(file, writeNpy(tensor));
    reports.push({ name, file: file ?? null, ...summarise(tensor) });
  }
  return reports;
}
