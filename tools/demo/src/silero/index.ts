// What the benchmark of this model shares with the demo.
export { importSilero } from './import-silero.ts';
export { pruneSilero, pruning } from './prune-silero.ts';
export { compileSilero, type CompiledSilero } from './compile-silero.ts';
export { inputSamples, sileroFile, sileroVariants, type SileroVariant } from './silero-variants.ts';
export { inputWindows } from './input-windows.ts';
export { grimEngine, probabilitiesOf, type VadEngine } from './vad-engine.ts';
export { onnxruntimeEngine, type OnnxruntimeModule } from './onnxruntime-engine.ts';
export { onnxruntimeWebEngine } from './onnxruntime-web-engine.ts';
export { agreementOf, type Agreement } from '../comparing/agreement.ts';
export { gzipBytes, onnxruntimeWebGzipBytes, runtimeGzipBytes } from '../comparing/download-sizes.ts';
export { prepareColdLoads, type ColdLoad, type ColdLoader } from '../comparing/cold-load.ts';
export { coldLoadRequest } from '../comparing/cold-load-request.ts';
export { defaultRecordingFile } from '../recording/default-recording-file.ts';
export { readRecording } from '../recording/read-recording.ts';
