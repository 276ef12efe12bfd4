import type { Kernel } from '@grim/kernels';

import { identifier } from './identifier.ts';

/**
 * Kernels by the identifier of their function, each once.
 *
 * @throws TypeError when two kernels of one identifier are not the same code.
 */
export function distinctKernels(kernels: Iterable<Kernel>): Kernel[] {
  const known = new Map<string, { kernel: Kernel; text: string }>();
  for (const kernel of kernels) {
    const name = identifier(kernel.name);
    const found = known.get(name);
    if (found?.kernel === kernel) continue;
    const text = JSON.stringify(kernel);
    if (found && found.text !== text) throw new TypeError(`two kernels are named ${name}`);
    if (!found) known.set(name, { kernel, text });
  }
  return [...known.values()].map(({ kernel }) => kernel);
}
