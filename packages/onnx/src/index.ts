export { importOnnx } from './import-onnx.ts';
export type { ImportOptions, StatePair } from './import-options.ts';
export type { CustomOperatorMapping, CustomResultShape } from './operators/custom-operator.ts';
export { defaultImportLimits, type ImportLimits } from './import-limits.ts';
export {
  externalDataFrom,
  type ExternalDataReader,
  type ExternalDataRequest,
} from './model/external-data.ts';
