import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { measureDifferences } from './vad/measure-differences.ts';
import { measureFrames } from './vad/measure-frames.ts';
import { measureLoads } from './vad/measure-loads.ts';
import { measureSizes } from './vad/measure-sizes.ts';
import { testRecording } from './vad/test-recording.ts';
import { buildVadModels, variant } from './vad/vad-models.ts';

const full = {
  seconds: 600,
  frames: { rounds: 100, warmupRounds: 10 },
  loads: { cold: 21, warm: 41 },
};
const quick = {
  seconds: 60,
  frames: { rounds: 20, warmupRounds: 5 },
  loads: { cold: 3, warm: 5 },
};

/** Silero VAD on recorded speech: GRIM beside onnxruntime in one process, by turns, on one thread. */
export const vad: Suite = {
  description:
    'Silero VAD v5, dense and pruned, beside onnxruntime: how fast, how exact, how small, how soon ready?',
  run: async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'grim-bench-vad-'));
    try {
      return await measure(context, folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function measure({ quick: isQuick, progress }: SuiteContext, folder: string): Promise<SuiteOutcome> {
  const sizes = isQuick ? quick : full;
  const recording = testRecording(sizes.seconds, variant.options.modelSampleRate);
  progress(`recording: ${recording.source}, ${recording.seconds.toFixed(0)} s`);
  progress('import, pruning, compilation');
  const models = await buildVadModels(folder);
  progress('download sizes');
  const downloads = await measureSizes(models);
  progress('differences over the recording');
  const differences = await measureDifferences(models, recording);
  // Times come last: by then the engine has done with optimising what compiled the models.
  progress('time per frame');
  const frames = await measureFrames(models, recording, sizes.frames);
  progress('loads');
  const loads = await measureLoads(models, sizes.loads);

  const outcomes = [frames, loads, downloads, differences];
  return {
    rows: outcomes.flatMap(({ rows }) => rows),
    summary: Object.assign({}, ...outcomes.map(({ summary }) => summary)) as SuiteOutcome['summary'],
  };
}
