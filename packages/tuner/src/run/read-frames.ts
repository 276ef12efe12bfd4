import { elementCount, formatShape, GrimError, sameShape, type Shape, type Tensor } from '@grim/ir';
import { namingFile } from '../files/naming-file.ts';
import { readNpy } from '../files/npy/read-npy.ts';
import { readInputFile } from '../files/read-input-file.ts';
import type { PortReport } from '../reports/port-report.ts';

/** Values for all inputs of a model, for one or more runs in a row. */
export interface Frames {
  readonly count: number;
  /** Views of one frame, row-major, by input. */
  readonly at: (frame: number) => Record<string, Float32Array>;
}

/**
 * Reads the inputs of a model from `.npy` files.
 *
 * @param files - One path per input, by name.
 * @param ports - The inputs of the model.
 * @param steps - Whether each array has a leading dimension more than the input: one frame per run.
 * @param role - What messages call them.
 * @throws GrimError when inputs are missing or unknown, or shapes do not fit.
 */
export async function readFrames(
  files: Readonly<Record<string, string>>,
  ports: readonly PortReport[],
  steps: boolean,
  role: 'input' | 'state' = 'input',
): Promise<Frames> {
  requireNames(role, Object.keys(files), ports);
  const arrays = await Promise.all(
    ports.map(async ({ name, shape }) => {
      const file = files[name] ?? '';
      const tensor = await readArray(file);
      const frame = steps ? tensor.shape.slice(1) : tensor.shape;
      const leading = steps ? tensor.shape[0] : 1;
      if (leading === undefined || leading < 1 || !sameShape(frame, shape)) {
        throw new GrimError(
          `${role} ${name} needs shape ${wanted(shape, steps)}, the array has ${formatShape(tensor.shape)}`,
          { file },
        );
      }
      return { name, shape, data: tensor.data, count: leading };
    }),
  );
  const count = arrays[0]?.count ?? 1;
  const other = arrays.find((array) => array.count !== count);
  if (other) {
    throw new GrimError(
      `${role} ${other.name} has ${other.count} step(s), ${role} ${arrays[0]?.name ?? ''} has ${count}`,
    );
  }
  return {
    count,
    at: (index) =>
      Object.fromEntries(
        arrays.map(({ name, shape, data }) => {
          const length = elementCount(shape);
          return [name, data.subarray(index * length, (index + 1) * length)];
        }),
      ),
  };
}

/** Reads one `.npy` file. */
async function readArray(file: string): Promise<Tensor> {
  const bytes = await readInputFile(file);
  return namingFile(file, () => readNpy(bytes));
}

/** Refuses missing and unknown names, with what to give. */
function requireNames(role: string, given: readonly string[], ports: readonly PortReport[]): void {
  const known = ports.map(({ name, shape }) => `${name} ${formatShape(shape)}`).join(', ') || 'none';
  const unknown = given.find((name) => !ports.some((port) => port.name === name));
  if (unknown !== undefined) throw new GrimError(`there is no ${role} ${unknown}; the model has: ${known}`);
  const missing = ports.filter(({ name }) => !given.includes(name));
  if (missing.length > 0) {
    throw new GrimError(
      `${role} ${missing.map(({ name }) => name).join(', ')} is missing; the model has: ${known}`,
    );
  }
}

function wanted(shape: Shape, steps: boolean): string {
  return steps ? `[steps${shape.map((extent) => `,${extent}`).join('')}]` : formatShape(shape);
}
