export { GrimError } from '@grim/ir/program';
export { readWav, type ReadWavOptions } from './wav/read-wav.ts';
export { writeWav, type WavFormat, type WriteWavOptions } from './wav/write-wav.ts';
export type { WavAudio } from './wav/wav-audio.ts';
export type { WavCue } from './wav/cue-chunks.ts';
export { mixToMono } from './mix-to-mono.ts';
export { resample } from './resampling/resample.ts';
export { createResampler, type Resampler } from './resampling/create-resampler.ts';
export { createFramer, type Framer } from './create-framer.ts';
export { decodeCtc, type CtcSymbol } from './decoding/decode-ctc.ts';
export { createLogMel, type LogMel, type LogMelOptions } from './features/create-log-mel.ts';
export type { SessionState, VadModel, VadSession } from './vad/vad-session.ts';
export { sileroLegacy, sileroV5, type VadOptions } from './vad/vad-options.ts';
export { createVad, type Vad, type VadState } from './vad/create-vad.ts';
export {
  streamRecording,
  type Recording,
  type RecordingProbabilities,
  type RecordingProgress,
} from './vad/stream-recording.ts';
export type { SegmentOptions } from './segments/segment-options.ts';
export { segmentSpeech, type SegmentSpeechOptions } from './segments/segment-speech.ts';
export {
  createSegmenter,
  type SegmentEvent,
  type Segmenter,
  type SpeechSegment,
} from './segments/create-segmenter.ts';
export { segmentsToCsv } from './segments/segments-to-csv.ts';
export { segmentsToJson } from './segments/segments-to-json.ts';
export { segmentsToCues } from './segments/segments-to-cues.ts';
export { probabilitiesToCsv } from './segments/probabilities-to-csv.ts';
export { speechOnly } from './segments/speech-only.ts';
