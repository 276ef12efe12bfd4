import type { Shape } from '@grim/ir';

/** An input, output or state. */
export interface PortReport {
  readonly name: string;
  /** Extent of each dimension, outermost first. */
  readonly shape: Shape;
}

/** Only what a report shows of something with a name and a shape. */
export function portReport({ name, shape }: PortReport): PortReport {
  return { name, shape };
}
