import { calledFunctions } from '@grim/codegen-c';
import { distinctKernels, halfUse, type Kernel } from '@grim/kernels';

import type { OpenclCapabilities } from './capabilities.ts';
import { functionName } from './function-name.ts';
import { renderKernel } from './render-kernel.ts';
import { supportFunctions } from './support-functions.ts';

/** What stands before kernels. */
const preamble = `// Where products and sums become one operation is written out below, and nowhere else.
#pragma OPENCL FP_CONTRACT OFF`;

const halves = '#pragma OPENCL EXTENSION cl_khr_fp16 : enable';

/**
 * Kernels as OpenCL C 1.2 text: the functions that kernels call, and one kernel function each, see {@link renderKernel}.
 *
 * @param kernels - Kernels; the same one may come several times.
 * @param capabilities - What the text may use, and how multiply-adds are rounded.
 * @param inPlace - Whether a kernel is called with buffers that share bytes; none is unless told otherwise.
 * @throws TypeError when two different kernels have one name.
 */
export function renderSource(
  kernels: Iterable<Kernel>,
  capabilities: OpenclCapabilities,
  inPlace: (kernel: Kernel) => boolean = () => false,
): string {
  const distinct = distinctKernels(kernels, functionName);
  const functions = distinct.map((kernel) =>
    renderKernel(kernel, capabilities, { inPlace: inPlace(kernel) }),
  );
  // Halves in memory are part of OpenCL; values of them are not.
  const extension = distinct.some((kernel) => halfUse(kernel).arithmetic) ? [halves] : [];
  const called = calledFunctions(functions.join('\n'), supportFunctions);
  return [preamble, ...extension, ...called, ...functions, ''].join('\n\n');
}
