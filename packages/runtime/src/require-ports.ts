import { formatShape, GrimError, type Shape } from '@grim/ir/program';
import type { Model, PortInfo } from './model.ts';

/** Shapes of ports by name. */
type ShapesByName = Readonly<Record<string, { readonly shape: Shape }>>;

/** The inputs, outputs and states that a program was written for. */
export interface ExpectedPorts {
  readonly inputs: ShapesByName;
  readonly outputs: ShapesByName;
  readonly states: ShapesByName;
}

/**
 * Makes sure that a model is one that a program was written for: it has these ports and no others. Weights and code may
 * differ, so that a model that was trained again takes the place of an older one.
 *
 * @throws GrimError naming the first port that differs, and what was expected.
 */
export function requirePorts(model: Model, expected: ExpectedPorts): void {
  requireAll('input', model.inputs, expected.inputs);
  requireAll('output', model.outputs, expected.outputs);
  requireAll('state', model.states, expected.states);
}

function requireAll(role: string, ports: readonly PortInfo[], expected: ShapesByName): void {
  const missing = new Map(Object.entries(expected));
  for (const { name, shape } of ports) {
    const wanted = missing.get(name)?.shape;
    const found = `the model has ${role} ${name} ${formatShape(shape)}`;
    if (!wanted) throw new GrimError(`${found}, expected none of that name`);
    if (shape.length !== wanted.length || shape.some((extent, axis) => extent !== wanted[axis])) {
      throw new GrimError(`${found}, expected ${formatShape(wanted)}`);
    }
    missing.delete(name);
  }
  for (const [name, { shape }] of missing) {
    throw new GrimError(`the model has no ${role} ${name}, expected ${formatShape(shape)}`);
  }
}
