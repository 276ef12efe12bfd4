import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** How much a page downloads. */
export interface BundleSize {
  /** Bytes of the minified bundle. */
  readonly minified: number;
  /** Bytes of it after gzip at its highest level. */
  readonly gzip: number;
}

/** How {@link bundleSize} finds what is imported. */
export interface BundleOptions {
  /** Absolute path of a folder from which packages are found. */
  readonly folder: string;
  /** Export conditions beside those of a browser: `@grim/source` measures sources without a build. */
  readonly conditions?: readonly string[];
}

/**
 * Bundles a module for the browser as an application would, and measures it.
 *
 * @param code - text of an ES module
 * @throws Error when something it imports is not found or needs Node
 */
export async function bundleSize(code: string, options: BundleOptions): Promise<BundleSize> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: options.folder, loader: 'ts' },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'silent',
    ...(options.conditions ? { conditions: ['module', ...options.conditions] } : {}),
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: contents.length, gzip: gzipSync(contents, { level: 9 }).length };
}
