import type { LayerDescription } from '@grim/ir';
import type { PruneReport } from '@grim/prune';
import type { SpeechSegment } from '@grim/speech';
import type { Agreement } from './comparing/agreement.ts';

/** Everything the demo found, in the order it found it; printed as text or as JSON. */
export interface DemoReport {
  readonly model: { readonly file: string; readonly bytes: number };
  readonly imported: {
    readonly milliseconds: number;
    readonly layers: readonly LayerDescription[];
    readonly states: readonly { readonly name: string; readonly shape: readonly number[] }[];
  };
  readonly pruned: readonly { readonly rate: number; readonly report: PruneReport }[];
  readonly compiled: readonly CompiledModel[];
  readonly stream: StreamReport;
  readonly comparison: Comparison;
  /** Paths of what was written. */
  readonly files: readonly string[];
}

/** One `.grim` file. */
export interface CompiledModel {
  /** `GRIM dense`, `GRIM pruned 2×`, … */
  readonly name: string;
  readonly file: string;
  readonly milliseconds: number;
  /** Bytes of the WebAssembly module. */
  readonly codeBytes: number;
  /** Bytes of weights and tables as the kernels read them. */
  readonly imageBytes: number;
  readonly fileBytes: number;
  /** Kernel calls of one run. */
  readonly calls: number;
  /** Bytes of linear memory. */
  readonly memoryBytes: number;
}

/** What was found in the recording. */
export interface StreamReport {
  readonly recording: string;
  /** Samples per second of the file. */
  readonly sampleRate: number;
  readonly seconds: number;
  readonly frames: number;
  /** Milliseconds for the whole recording, resampling included. */
  readonly milliseconds: number;
  readonly segments: readonly SpeechSegment[];
}

/** GRIM beside onnxruntime-web. */
export interface Comparison {
  /** Frames whose decisions were compared. */
  readonly frames: number;
  /** Bytes of each runtime and model after gzip, and what was measured. */
  readonly sides: readonly ComparedSide[];
}

/** One engine with one model. */
export interface ComparedSide {
  readonly name: string;
  /** Median and 99th percentile of one frame, in microseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Time per frame relative to onnxruntime-web: the median of the ratios of rounds. */
  readonly ratio: number;
  /** From bytes to the first result in a fresh process, in milliseconds: the median of a few. */
  readonly loadMilliseconds: number;
  readonly runtimeGzipBytes: number;
  readonly modelGzipBytes: number;
  /** Decisions against the dense model in onnxruntime-web. */
  readonly agreement: Agreement;
}
