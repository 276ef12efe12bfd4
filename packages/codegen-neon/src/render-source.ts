import type { Kernel } from '@grim/kernels';

import type { NeonCapabilities } from './capabilities.ts';
import { identifier } from './identifier.ts';
import { renderKernel } from './render-kernel.ts';
import { supportFunctionsFor } from './support-functions.ts';

/** What stands before kernels in a C file. */
const preamble = `#include <arm_neon.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

// Where products and sums become one instruction is written out below, and nowhere else.
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif`;

/** Kernels by the identifier of their function, each once. Two kernels of one identifier must be the same code. */
function distinctKernels(kernels: Iterable<Kernel>): Kernel[] {
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

/**
 * Kernels as C11 text to which whatever calls them can be appended: includes, the functions that kernels call, and one
 * static function per kernel, see {@link renderKernel}.
 *
 * @param kernels - Kernels; the same one may come several times.
 * @param capabilities - What the text may use, and how multiply-adds are rounded.
 * @param inPlace - Whether a kernel is called with buffers that share bytes; none is unless told otherwise.
 * @throws TypeError when two different kernels have one name.
 */
export function renderSource(
  kernels: Iterable<Kernel>,
  capabilities: NeonCapabilities,
  inPlace: (kernel: Kernel) => boolean = () => false,
): string {
  const functions = distinctKernels(kernels).map((kernel) =>
    renderKernel(kernel, capabilities, { inPlace: inPlace(kernel) }),
  );
  return [preamble, ...supportFunctionsFor(functions.join('\n')), ...functions, ''].join('\n\n');
}
