import { assemble } from '@grim/codegen-wasm';

const PAGE_BYTES = 65536;

/** Pages of memory that hold so many bytes. */
export const memoryPages = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES);

/** The exports of a module in the text format of WebAssembly, which imports nothing. */
export async function instantiateText(text: string): Promise<WebAssembly.Exports> {
  const module = new WebAssembly.Module((await assemble(text)) as Uint8Array<ArrayBuffer>);
  return new WebAssembly.Instance(module).exports;
}
