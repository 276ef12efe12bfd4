import { elementCount, formatShape, GrimError, type Shape } from '@grim/ir';
import { normalizeAxis, type NodeContext } from '../evaluation/node-context.ts';
import { concatValues, reshapeValue, sliceValue } from '../evaluation/movement.ts';
import { floatElements, type Elements } from '../folding/strided-copy.ts';
import { isFloat, type Constant, type Value } from '../value.ts';
import type { OperatorImporter } from './operator-importer.ts';

/** Parts taken out of a value that depends on inputs are written out as slices, so there must not be many. */
const maximumSlices = 64;

/** Indices that follow each other at a constant distance. */
interface Run {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

function findRuns(indices: ArrayLike<number>): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < indices.length && runs.length <= maximumSlices;) {
    const start = indices[at] ?? 0;
    const step = (indices[at + 1] ?? start + 1) - start;
    let count = 1;
    while (step !== 0 && at + count < indices.length && indices[at + count] === start + count * step) count++;
    runs.push({ start, step: count === 1 ? 1 : step, count });
    at += count;
  }
  return runs;
}

function gatherConstant(
  node: NodeContext,
  x: Constant,
  indices: ArrayLike<number>,
  axis: number,
  shape: Shape,
): Constant {
  const count = node.budget.allocate(shape);
  const extent = x.shape[axis] ?? 1;
  const outer = elementCount(x.shape.slice(0, axis));
  const inner = elementCount(x.shape.slice(axis + 1));
  const fill = <T extends number | bigint>(from: Elements<T>, to: Elements<T>): void => {
    let target = 0;
    for (let row = 0; row < outer; row++) {
      for (let position = 0; position < indices.length; position++) {
        const start = (row * extent + (indices[position] ?? 0)) * inner;
        for (let element = 0; element < inner; element++) {
          const value = from[start + element];
          if (value !== undefined) to[target] = value;
          target++;
        }
      }
    }
  };
  if (isFloat(x)) {
    const data = floatElements(x.type, count);
    fill(x.data, data);
    return { kind: 'constant', type: x.type, shape, data };
  }
  const data = new BigInt64Array(count);
  fill(x.data, data);
  return { kind: 'constant', type: x.type, shape, data };
}

/** `Gather` with constant indices: a copy of constants, slices of other values. */
export const gather: OperatorImporter = (node) => {
  const x = node.operand(0, 'data');
  const given = node.constant(1, 'indices');
  if (isFloat(given)) throw new GrimError(`operand indices must be integers, got ${given.type}`);
  const axis = normalizeAxis(node.attributes.int('axis') ?? 0, x.shape.length);
  const extent = x.shape[axis] ?? 1;
  node.budget.allocate(given.shape);
  const indices = Float64Array.from(given.data, (index) => {
    const position = Number(index < 0n ? index + BigInt(extent) : index);
    if (position < 0 || position >= extent) {
      throw new GrimError(`index ${index} is outside axis ${axis} of ${formatShape(x.shape)}`);
    }
    return position;
  });
  const shape = [...x.shape.slice(0, axis), ...given.shape, ...x.shape.slice(axis + 1)];
  if (x.kind === 'constant') return [gatherConstant(node, x, indices, axis, shape)];
  const runs = findRuns(indices);
  if (runs.length === 0) throw new GrimError('no indices are given');
  if (runs.length > maximumSlices) {
    throw new GrimError(`indices in more than ${maximumSlices} runs are only supported for constants`);
  }
  const reshaped = given.shape.length !== 1;
  const parts = runs.map(({ start, step, count }, position): Value => {
    const range = {
      starts: x.shape.map((_, along) => (along === axis ? start : 0)),
      sizes: x.shape.map((size, along) => (along === axis ? count : size)),
      steps: x.shape.map((_, along) => (along === axis ? step : 1)),
    };
    if (runs.length > 1) return sliceValue(node, x, range, { part: String(position) });
    return sliceValue(node, x, range, reshaped ? { values: [] } : {});
  });
  const joined = concatValues(node, parts, axis, reshaped ? { values: [] } : {});
  return [reshapeValue(node, joined, shape, { part: 'reshape', values: node.outputs })];
};
