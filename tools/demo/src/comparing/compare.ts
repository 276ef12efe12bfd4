import { loadModel } from '@grim/runtime';
import { median } from 'simple-statistics';
import { measureInterleaved } from '../../../measuring/src/measure-interleaved.ts';
import type { ComparedSide, Comparison } from '../demo-report.ts';
import { onnxruntimeWebEngine } from '../silero/onnxruntime-web-engine.ts';
import type { SileroVariant } from '../silero/silero-variants.ts';
import { grimEngine, probabilitiesOf, type VadEngine } from '../silero/vad-engine.ts';
import { agreementOf } from './agreement.ts';
import { coldLoadRequest } from './cold-load-request.ts';
import { prepareColdLoads } from './cold-load.ts';
import { gzipBytes, onnxruntimeWebGzipBytes, runtimeGzipBytes } from './download-sizes.ts';

/** A compiled model to compare. */
export interface GrimSide {
  readonly name: string;
  /** Path of its `.grim` file. */
  readonly path: string;
  /** The bytes of that file. */
  readonly bytes: Uint8Array;
}

/** The side that the others are compared with. */
const baseline = 'onnxruntime-web';

/** Loads per side, each in a process of its own. */
const coldLoads = 3;

/** Some 4 s on the machine this was written on; a block of 100 frames is 3.2 s of sound. */
const timing = { rounds: 60, callsPerRound: 100, settlingCalls: 20, warmupRounds: 10 };

/** A longer recording is streamed as a whole, but compared in its first minutes only. */
const maximumFrames = 5000;

/**
 * Compares compiled models with the same model in onnxruntime-web: everything in this one run, on one thread.
 *
 * @param variant - The model.
 * @param grimSides - The compiled models.
 * @param windows - Inputs, at least one, see `inputWindows`.
 * @param update - Told how far this is, 0 to 1.
 */
export async function compare(
  variant: SileroVariant,
  grimSides: readonly GrimSide[],
  windows: readonly Float32Array[],
  update: (fraction: number) => void,
): Promise<Comparison> {
  const names = [...grimSides.map(({ name }) => name), baseline];
  const loads = await medianLoads(variant, grimSides, (fraction) => {
    update(fraction / 2);
  });

  const engines = new Map<string, VadEngine>();
  for (const { name, bytes } of grimSides) {
    engines.set(name, grimEngine((await loadModel(bytes, { file: name })).createSession()));
  }
  const reference = await onnxruntimeWebEngine(variant);
  engines.set(baseline, reference);

  const compared = windows.slice(0, maximumFrames);
  const expected = await probabilitiesOf(reference, compared);
  update(0.6);
  const agreements = new Map<string, ComparedSide['agreement']>();
  for (const [name, engine] of engines) {
    agreements.set(name, agreementOf(await probabilitiesOf(engine, compared), expected));
  }
  update(0.7);

  const { sides, ratio } = await measureInterleaved(
    Object.fromEntries(
      [...engines].map(([name, engine]) => [
        name,
        { run: (call: number) => engine.step(windows[call % windows.length] as Float32Array) },
      ]),
    ),
    timing,
  );
  update(0.9);

  const runtimeBytes = await runtimeGzipBytes();
  const baselineBytes = onnxruntimeWebGzipBytes(variant);
  return {
    frames: compared.length,
    sides: names.map((name): ComparedSide => {
      const file = grimSides.find((side) => side.name === name)?.bytes;
      const { p50, p99 } = known(sides[name]);
      return {
        name,
        p50,
        p99,
        ratio: ratio(name, baseline),
        loadMilliseconds: known(loads.get(name)),
        runtimeGzipBytes: file ? runtimeBytes : baselineBytes.runtime,
        modelGzipBytes: file ? gzipBytes(file) : baselineBytes.model,
        agreement: known(agreements.get(name)),
      };
    }),
  };
}

async function medianLoads(
  variant: SileroVariant,
  grimSides: readonly GrimSide[],
  update: (fraction: number) => void,
): Promise<Map<string, number>> {
  const requests = [
    ...grimSides.map(({ name, path }) => ({ name, request: coldLoadRequest(variant, path) })),
    { name: baseline, request: coldLoadRequest(variant) },
  ];
  const times = new Map<string, number[]>(requests.map(({ name }) => [name, []]));
  const loader = await prepareColdLoads();
  try {
    for (let turn = 0; turn < coldLoads; turn++) {
      for (const { name, request } of requests) {
        times.get(name)?.push((await loader.load(request)).milliseconds);
      }
      update((turn + 1) / coldLoads);
    }
  } finally {
    loader.close();
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a side was not measured');
  return value;
}
