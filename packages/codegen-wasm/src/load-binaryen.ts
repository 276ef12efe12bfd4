import type binaryen from 'binaryen';

/** The assembler, loaded on first use: it is large, and a module that waits for itself, which CommonJS cannot load otherwise. */
export async function loadBinaryen(): Promise<typeof binaryen> {
  return (await import('binaryen')).default;
}
