import { GrimError } from '@grim/ir';
import { normalizeAxis, type NodeContext } from '../evaluation/node-context.ts';
import { sliceValue } from '../evaluation/movement.ts';
import type { OperatorImporter } from './operator-importer.ts';

interface SliceParameters {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes: readonly number[];
  readonly steps: readonly number[];
}

/** Attributes before opset 10, operands since. */
function readParameters(node: NodeContext): SliceParameters {
  const operands = node.opset >= 10;
  const starts = operands ? node.optionalIntegers(1, 'starts') : node.attributes.ints('starts');
  const ends = operands ? node.optionalIntegers(2, 'ends') : node.attributes.ints('ends');
  if (!starts || !ends) throw new GrimError('starts and ends are missing');
  const axes =
    (operands ? node.optionalIntegers(3, 'axes') : node.attributes.ints('axes')) ?? starts.map((_, at) => at);
  const steps = (operands ? node.optionalIntegers(4, 'steps') : undefined) ?? starts.map(() => 1);
  if ([ends, axes, steps].some((list) => list.length !== starts.length)) {
    throw new GrimError(
      `starts, ends, axes and steps must be equally many, got ${starts.length}, ${ends.length}, ${axes.length}, ${steps.length}`,
    );
  }
  return { starts, ends, axes, steps };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** `Slice`: negative indices count from the end, and what lies outside is cut to what is there. */
export const slice: OperatorImporter = (node) => {
  const x = node.operand(0, 'data');
  const parameters = readParameters(node);
  const starts = x.shape.map(() => 0);
  const sizes = [...x.shape];
  const steps = x.shape.map(() => 1);
  const seen = new Set<number>();
  parameters.axes.forEach((given, position) => {
    const axis = normalizeAxis(given, x.shape.length);
    if (seen.has(axis)) throw new GrimError(`axis ${axis} is sliced twice`);
    seen.add(axis);
    const extent = x.shape[axis] ?? 1;
    const step = parameters.steps[position] ?? 1;
    if (step === 0) throw new GrimError(`step 0 along axis ${axis}`);
    const fromEnd = (index: number): number => (index < 0 ? index + extent : index);
    const start = fromEnd(parameters.starts[position] ?? 0);
    const end = fromEnd(parameters.ends[position] ?? 0);
    // Backwards, the end before the first element is -1.
    const first = clamp(start, 0, step > 0 ? extent : extent - 1);
    const last = step > 0 ? clamp(end, 0, extent) : clamp(end, -1, extent - 1);
    const size = Math.max(0, Math.ceil((last - first) / step));
    sizes[axis] = size;
    starts[axis] = size === 0 ? 0 : first;
    steps[axis] = size <= 1 ? 1 : step;
  });
  return [sliceValue(node, x, { starts, sizes, steps })];
};
