import { runCompile } from '../../compile/run-compile.ts';
import { renderCompileWasm } from '../render/render-compile-wasm.ts';
import type { CompileTarget } from './compile-target.ts';

/** `grim compile --target wasm` */
export const wasmTarget: CompileTarget = {
  takes: ['withGraph', 'emitWat', 'threads', 'relaxedSimd', 'bindings', 'bindingsName'],
  perform: (session, common, flags) => {
    const {
      withGraph = false,
      emitWat = false,
      threads,
      relaxedSimd = false,
      bindings,
      bindingsName,
    } = flags;
    return session.perform(flags, {
      command: 'compile',
      run: (onProgress) =>
        runCompile(
          {
            ...{ ...common, target: 'wasm', withGraph, emitWat, threads, relaxedSimd, bindings },
            ...(bindingsName !== undefined && { bindingsName }),
          },
          onProgress,
        ),
      render: renderCompileWasm,
    });
  },
};
