import { elementCount, type Port } from '@grim/ir';
import type { Program } from '@grim/kernels';

import { identifier } from './identifier.ts';

/** An input or output of a program as a parameter of its C functions. */
export interface PortParameter {
  readonly direction: 'input' | 'output';
  readonly port: Port;
  /** Name of the parameter. */
  readonly name: string;
  /** Floats that it points to. */
  readonly floats: number;
}

/** The parameters of a program in the order of its functions: inputs, then outputs. Names that C would make equal are numbered. */
export function portParameters({ inputs, outputs }: Pick<Program, 'inputs' | 'outputs'>): PortParameter[] {
  const taken = new Set<string>();
  const parameter =
    (direction: PortParameter['direction']) =>
    (port: Port): PortParameter => {
      const stem = `${direction}_${identifier(port.name)}`;
      let name = stem;
      for (let count = 2; taken.has(name); count++) name = `${stem}_${String(count)}`;
      taken.add(name);
      return { direction, port, name, floats: elementCount(port.shape) };
    };
  return [...inputs.map(parameter('input')), ...outputs.map(parameter('output'))];
}

/** The parameter list that all functions of a program share after their context. */
export const parameterList = (parameters: readonly PortParameter[]): string =>
  parameters
    .map(({ direction, name }) => (direction === 'input' ? `const float *${name}` : `float *${name}`))
    .join(', ');
