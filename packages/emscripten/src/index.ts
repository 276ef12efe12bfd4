export { checkToolchain, type CheckedFeature } from './check-toolchain.ts';
export type { CompileOptions, CompileRequest, MemoryRequest } from './compile/compile-request.ts';
export { compileToWasm, type Compilation } from './compile/compile-to-wasm.ts';
export type { Diagnostic, Severity } from './compile/diagnostic.ts';
export { formatDiagnostic } from './compile/format-diagnostic.ts';
export { parseDiagnostics } from './compile/parse-diagnostics.ts';
export { requireModule } from './compile/require-module.ts';
export { findToolchain, type ToolchainSearch } from './toolchain/find-toolchain.ts';
export type {
  ClangToolchain,
  EmscriptenToolchain,
  FeatureSupport,
  Toolchain,
  ToolchainFeature,
  ToolchainFeatures,
  ToolchainKind,
} from './toolchain/toolchain.ts';
