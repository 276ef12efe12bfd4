import { mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describeLayers, GrimError, type Graph } from '@grim/ir';
import { loadModel } from '@grim/runtime';
import {
  createVad,
  probabilitiesToCsv,
  resample,
  segmentsToCsv,
  segmentsToCues,
  segmentsToJson,
  segmentSpeech,
  speechOnly,
  streamRecording,
  writeWav,
  type Recording,
} from '@grim/speech';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { compare, type GrimSide } from './comparing/compare.ts';
import type { CompiledModel, DemoReport, StreamReport } from './demo-report.ts';
import type { Progress } from './progress.ts';
import { defaultRecordingFile } from './recording/default-recording-file.ts';
import { readRecording } from './recording/read-recording.ts';
import { compileSilero } from './silero/compile-silero.ts';
import { importSilero } from './silero/import-silero.ts';
import { inputWindows } from './silero/input-windows.ts';
import { pruneSilero } from './silero/prune-silero.ts';
import { sileroFile, sileroVariants } from './silero/silero-variants.ts';

/** What {@link runDemo} needs. */
export interface DemoOptions {
  /** WAV file; absent for the recording that comes with the demo. */
  readonly wav?: string;
  /** Folder to write to; it is made. */
  readonly out: string;
  readonly progress: Progress;
}

/** Things that are told as progress. */
export const stepCount = 6;

const variant = sileroVariants.v5;
const rates = [2, 4];

/**
 * The whole way, from an ONNX file to pruned WebAssembly on a real recording.
 *
 * @throws GrimError when the recording cannot be used, or nothing can be written to the folder.
 */
export async function runDemo({ wav, out, progress }: DemoOptions): Promise<DemoReport> {
  // What the user gave comes first: a mistake in it should not take seconds to be found.
  const recordingFile = wav ?? defaultRecordingFile();
  const recording = readRecording(recordingFile);
  const samples = resample(recording.samples, recording.sampleRate, variant.options.modelSampleRate);
  const write = outputFolder(out);

  progress.begin('import of the ONNX file');
  const start = performance.now();
  const graph = importSilero(variant);
  const importMilliseconds = performance.now() - start;
  progress.begin('layer table');
  const layers = describeLayers(graph);

  progress.begin('pruning');
  const pruned = rates.map((rate) => ({ rate, ...pruneSilero(graph, rate) }));

  progress.begin('compilation to WebAssembly');
  const models = [await compile('GRIM dense', graph, variant.name, {}, write)];
  for (const result of pruned) {
    const fileName = `${variant.name}-${result.rate}x`;
    const options = { prune: `magnitude ${result.rate}` };
    models.push(await compile(`GRIM pruned ${result.rate}×`, result.graph, fileName, options, write));
  }

  progress.begin('streaming the recording');
  const [dense] = models;
  if (!dense) throw new TypeError('nothing was compiled');
  const stream = await streamThrough(dense.side, recordingFile, recording, progress, write);

  progress.begin('comparison with onnxruntime-web');
  const windows = inputWindows(samples, variant.options);
  const comparison = await compare(
    variant,
    models.map(({ side }) => side),
    windows,
    progress.update,
  );

  const onnx = sileroFile(variant);
  const report: DemoReport = {
    model: { file: onnx, bytes: statSync(onnx).size },
    imported: {
      milliseconds: importMilliseconds,
      layers,
      states: graph.states.map(({ name, shape }) => ({ name, shape })),
    },
    pruned: pruned.map(({ rate, report }) => ({ rate, report })),
    compiled: models.map(({ model }) => model),
    stream,
    comparison,
    files: [...write.files, join(out, 'report.json')],
  };
  write('report.json', `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** Writes files into one folder, each whole or not at all, and remembers them. */
interface Writer {
  (name: string, contents: string | Uint8Array): string;
  readonly files: readonly string[];
}

function outputFolder(folder: string): Writer {
  const files: string[] = [];
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw new GrimError(`cannot be written: ${error instanceof Error ? error.message : String(error)}`, {
        file: folder,
      });
    }
  };
  attempt(() => mkdirSync(folder, { recursive: true }));
  const write = (name: string, contents: string | Uint8Array): string => {
    const file = join(folder, name);
    attempt(() => {
      writeFileAtomic(file, typeof contents === 'string' ? contents : Buffer.from(contents));
    });
    files.push(file);
    return file;
  };
  return Object.assign(write, { files });
}

async function compile(
  name: string,
  graph: Graph,
  fileName: string,
  options: Readonly<Record<string, string>>,
  write: Writer,
): Promise<{ side: GrimSide; model: CompiledModel }> {
  const start = performance.now();
  const { file, code, image, plan } = await compileSilero(variant, graph, options);
  const milliseconds = performance.now() - start;
  const path = write(`${fileName}.grim`, file);
  return {
    side: { name, path, bytes: file },
    model: {
      name,
      file: path,
      milliseconds,
      codeBytes: code.length,
      imageBytes: image.length,
      fileBytes: file.length,
      calls: plan.calls.length,
      memoryBytes: plan.memoryBytes,
    },
  };
}

async function streamThrough(
  { path, bytes }: GrimSide,
  file: string,
  recording: Recording,
  progress: Progress,
  write: Writer,
): Promise<StreamReport> {
  const vad = createVad(await loadModel(bytes, { file: path }), variant.options);
  const start = performance.now();
  const result = streamRecording(recording, vad, ({ done, total }) => {
    progress.update(done / total);
  });
  const milliseconds = performance.now() - start;
  const { probabilities, frameMs, durationMs } = result;
  const segments = segmentSpeech(probabilities, { frameMs, durationMs });

  write('segments.json', segmentsToJson(segments));
  write('segments.csv', segmentsToCsv(segments));
  write('probabilities.csv', probabilitiesToCsv(result));
  const { sampleRate, samples } = recording;
  const cues = segmentsToCues(segments);
  write('recording-labelled.wav', writeWav({ sampleRate, channels: [samples] }, { format: 'pcm16', cues }));
  const speech = speechOnly(recording, segments);
  if (speech.length > 0) {
    write('speech-only.wav', writeWav({ sampleRate, channels: [speech] }, { format: 'pcm16' }));
  }
  return {
    recording: basename(file),
    sampleRate,
    seconds: durationMs / 1000,
    frames: probabilities.length,
    milliseconds,
    segments,
  };
}
