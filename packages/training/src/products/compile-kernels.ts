import { assemble, relaxedSimd, renderKernel, strictSimd, type WasmCapabilities } from '@grim/codegen-wasm';
import { distinctKernels, type Kernel } from '@grim/kernels';

/** A compiled kernel: takes the address of each of its buffers. */
export type CompiledKernel = (...addresses: number[]) => void;

/**
 * Compiles kernels to WebAssembly over one memory, with multiply-adds that round once where the engine has them.
 *
 * @returns The kernels in their order.
 */
export async function compileKernels(
  kernels: readonly Kernel[],
  memory: WebAssembly.Memory,
): Promise<CompiledKernel[]> {
  const binary = async (capabilities: WasmCapabilities): Promise<BufferSource> => {
    const text = [
      '(module',
      '  (import "env" "memory" (memory 0))',
      ...distinctKernels(kernels).map((kernel) => renderKernel(kernel, capabilities)),
      ...kernels.map(({ name }, index) => `  (export "${index}" (func $${name}))`),
      ')',
    ].join('\n');
    return (await assemble(text)) as BufferSource;
  };
  const relaxed = await binary(relaxedSimd);
  const module = await WebAssembly.compile(
    WebAssembly.validate(relaxed) ? relaxed : await binary(strictSimd),
  );
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  return kernels.map((_, index) => instance.exports[String(index)] as CompiledKernel);
}
