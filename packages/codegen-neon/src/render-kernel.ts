import { identifier, renderStatements, withoutDeadValues } from '@grim/codegen-c';
import { GrimError } from '@grim/ir';
import { halfUse, pointerVariables, type BufferParameter, type Kernel } from '@grim/kernels';

import type { NeonCapabilities } from './capabilities.ts';
import { laneOperands } from './lane-operands.ts';
import { neonDialect } from './neon-dialect.ts';
import { pairLoads } from './pair-loads.ts';
import { unrollShortLoops } from './unroll-short-loops.ts';

/** How a kernel is called. */
export interface KernelUse {
  /**
   * Whether a buffer that is written may reach into another one, as when a state is replaced in place. Pointers are then not
   * `restrict`.
   */
  readonly inPlace: boolean;
}

/** A buffer as a parameter. */
function renderParameter({ name, access }: BufferParameter, { inPlace }: KernelUse): string {
  const qualifier = inPlace ? '' : 'restrict ';
  return `${access === 'read' ? 'const ' : ''}unsigned char *${qualifier}${identifier(name)}`;
}

/**
 * A kernel as a C11 function whose parameters are pointers to its buffers; addresses in it are bytes from them.
 *
 * The text uses `arm_neon.h`, `math.h`, `stdint.h` and functions that {@link renderSource} defines.
 *
 * @param capabilities - What the text may use, and how multiply-adds are rounded.
 * @param use - How the kernel is called; with buffers that share nothing unless told otherwise.
 * @throws GrimError naming kernel and processor when it computes with 16-bit floats and the processor does not.
 */
export function renderKernel(
  kernel: Kernel,
  capabilities: NeonCapabilities,
  use: KernelUse = { inPlace: false },
): string {
  if (!capabilities.halfPrecision && halfUse(kernel).arithmetic) {
    throw new GrimError(
      `kernel ${kernel.name} computes with 16-bit floats, which ${capabilities.processor} does not`,
    );
  }
  const live = pairLoads(unrollShortLoops(withoutDeadValues(kernel)), use.inPlace);
  const isRead = new Set(kernel.buffers.filter(({ access }) => access === 'read').map(({ name }) => name));
  const body = renderStatements(live.body, '  ', {
    ...neonDialect(capabilities, laneOperands(live, use.inPlace)),
    pointers: {
      variables: pointerVariables(live),
      type: (buffer) => `${isRead.has(buffer) ? 'const ' : ''}unsigned char *`,
    },
  });
  const used = new Set(body.flatMap((line) => line.match(/\w+/g) ?? []));
  const parameters = kernel.buffers.map((buffer) => renderParameter(buffer, use));
  return [
    `// ${kernel.summary}`,
    `static void ${identifier(kernel.name)}(${parameters.join(', ')}) {`,
    ...kernel.buffers.flatMap(({ name }) =>
      used.has(identifier(name)) ? [] : [`  (void)${identifier(name)};`],
    ),
    ...body,
    '}',
  ].join('\n');
}
