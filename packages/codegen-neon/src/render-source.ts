import { calledFunctions, externalPrototypes, identifier } from '@grim/codegen-c';
import { distinctKernels, halfUse, type Kernel } from '@grim/kernels';

import type { NeonCapabilities } from './capabilities.ts';
import { renderKernel } from './render-kernel.ts';
import { supportFunctions } from './support-functions.ts';

/** What stands before kernels in a C file. */
const preamble = `#include <arm_neon.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

// Where products and sums become one instruction is written out below, and nowhere else. Statements stand in an order that
// needs few registers; gcc would move all loads of a loop to its start, and have not enough of them.
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off", "no-schedule-insns")
#endif`;

/** What follows it where kernels compute with 16-bit floats. */
const halfPreamble = `#if !defined(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC)
#error "compile for a processor with arithmetic of 16-bit floats, such as -march=armv8.2-a+fp16"
#endif
#include <arm_fp16.h>`;

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
  const distinct = distinctKernels(kernels, ({ name }) => identifier(name));
  const functions = distinct.map((kernel) =>
    renderKernel(kernel, capabilities, { inPlace: inPlace(kernel) }),
  );
  const prototypes = externalPrototypes(distinct);
  return [
    preamble,
    ...(distinct.some((kernel) => halfUse(kernel).arithmetic) ? [halfPreamble] : []),
    ...(prototypes.length === 0 ? [] : [prototypes.join('\n')]),
    ...calledFunctions(functions.join('\n'), supportFunctions),
    ...functions,
    '',
  ].join('\n\n');
}
