import type { Activation } from '@grim/ir';

/**
 * A name by the law of `docs/kernels.md`: family, then keys with values of the problem, then `t` with those of the schedule,
 * joined by `_`. Whatever changes the code is in the name; addresses and weights are not, since kernels get them as buffers.
 */
export function kernelName(
  family: string,
  parts: Readonly<Record<string, number | string | boolean | undefined>>,
): string {
  const words = Object.entries(parts).flatMap(([key, value]) => {
    if (value === undefined || value === false) return [];
    return [value === true ? key : `${key}${String(value).replaceAll('-', 'm')}`];
  });
  return [family, ...words].join('_');
}

/** The part of a kernel name that states an activation. */
export function activationName(activation: Activation | undefined): string | undefined {
  if (!activation) return undefined;
  const parameters = [activation.alpha, activation.beta].filter((value) => value !== undefined);
  return [activation.function, ...parameters].join('.');
}
