import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleSize } from '../../../size-budgets/src/bundle-size.ts';
import { sileroFile, type SileroVariant } from '../silero/silero-variants.ts';

/** Bytes of a file after `gzip -9`. */
export function gzipBytes(bytes: Uint8Array): number {
  return gzipSync(bytes, { level: 9 }).length;
}

/** Bytes after gzip of everything `@grim/runtime` exports, minified for a page. */
export async function runtimeGzipBytes(): Promise<number> {
  const { gzip } = await bundleSize("export * from '@grim/runtime';", {
    folder: import.meta.dirname,
    conditions: ['@grim/source'],
  });
  return gzip;
}

/** Files a page needs to run a model in onnxruntime-web without WebGL, WebGPU or WebNN: the smallest set it has. */
const onnxruntimeWebFiles = ['ort.wasm.bundle.min.mjs', 'ort-wasm-simd-threaded.wasm'];

/** Bytes after gzip of onnxruntime-web and the ONNX file, each compressed on its own. */
export function onnxruntimeWebGzipBytes(variant: SileroVariant): { runtime: number; model: number } {
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/wasm'));
  const sizes = onnxruntimeWebFiles.map((name) => gzipBytes(readFileSync(join(folder, name))));
  return {
    runtime: sizes.reduce((sum, size) => sum + size, 0),
    model: gzipBytes(readFileSync(sileroFile(variant))),
  };
}
