import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a program of the shell. */
export function fakeProgram(folder: string, path: string, script: string): string {
  const program = join(folder, path);
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return program;
}

/** An emcc that says its version and then does what the script says. */
export const fakeEmcc = (version: string, script = 'exit 1'): string =>
  `if [ "$1" = --version ]; then echo 'emcc (Emscripten gcc/clang-like replacement + linker emulating GNU ld) ${version} ()'; exit 0; fi\n${script}`;

/** A clang that answers questions as its parts are there. */
export const fakeClang = (answers: {
  readonly version?: string;
  readonly targets?: string;
  readonly libc?: string;
  readonly builtins?: string;
}): string => `for last; do :; done
case "$last" in
  --version) echo 'clang version ${answers.version ?? '18.1.0'}' ;;
  --print-targets) echo '  ${answers.targets ?? 'wasm32 - WebAssembly 32-bit'}' ;;
  -print-prog-name=wasm-ld) echo wasm-ld ;;
  -print-file-name=libc.a) echo '${answers.libc ?? 'libc.a'}' ;;
  -print-libgcc-file-name) echo '${answers.builtins ?? ''}' ;;
  *) exit 1 ;;
esac`;
