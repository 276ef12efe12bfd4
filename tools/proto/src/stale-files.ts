import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { workspaceRoot } from '../../workspace/src/published-packages.ts';

/** Folder, relative to a package, that `buf.gen.yaml` writes to. */
export const generatedFolder = 'src/gen';

/** Runs `buf generate` for a package. @param output - folder to write below instead of the package itself */
export function generate(packagePath: string, output: string = packagePath): void {
  const binaries = join(workspaceRoot, 'node_modules/.bin');
  execFileSync(join(binaries, 'buf'), ['generate', '--output', output], {
    cwd: packagePath,
    // buf looks for its local plugin, protoc-gen-es, on the path.
    env: { ...process.env, PATH: `${binaries}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/**
 * Names the generated files of a package that differ from what its schema gives now, are missing, or are left over.
 *
 * Paths are relative to the package. The package itself is not touched.
 */
export function staleFiles(packagePath: string): string[] {
  const output = mkdtempSync(join(tmpdir(), 'grim-proto-'));
  try {
    generate(packagePath, output);
    return differingFiles(join(output, generatedFolder), join(packagePath, generatedFolder)).map(
      (file) => `${generatedFolder}/${file}`,
    );
  } finally {
    rmSync(output, { recursive: true });
  }
}

/** Names the files, relative to both folders, that are not the same in both. */
export function differingFiles(expected: string, actual: string): string[] {
  const files = new Set([...filesBelow(expected), ...filesBelow(actual)]);
  return [...files]
    .sort()
    .filter((file) => contentOf(join(expected, file)) !== contentOf(join(actual, file)));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function contentOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
