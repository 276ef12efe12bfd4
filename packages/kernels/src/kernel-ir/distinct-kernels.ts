import type { Kernel } from './types.ts';

/**
 * Kernels by the name of their function, each once.
 *
 * @param functionName - What the function of a kernel is named; as the kernel unless told.
 * @throws TypeError when two kernels of one name are not the same code.
 */
export function distinctKernels(
  kernels: Iterable<Kernel>,
  functionName: (kernel: Kernel) => string = ({ name }) => name,
): Kernel[] {
  const known = new Map<string, { kernel: Kernel; text: string }>();
  for (const kernel of kernels) {
    const name = functionName(kernel);
    const found = known.get(name);
    if (found?.kernel === kernel) continue;
    const text = JSON.stringify(kernel);
    if (found && found.text !== text) throw new TypeError(`two kernels are named ${name}`);
    if (!found) known.set(name, { kernel, text });
  }
  return [...known.values()].map(({ kernel }) => kernel);
}
