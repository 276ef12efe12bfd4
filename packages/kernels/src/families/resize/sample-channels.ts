import { add, integer, load, loadSplat, multiply, multiplyAdd } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { loadVector, type Floats } from '../floats.ts';
import { storableLanes, storeLanes } from '../store-lanes.ts';
import { resizeEntry, resizeFloats, type ResizeProblem } from './resize-problem.ts';

/** What a table says about one index. */
interface Neighbours {
  readonly offsets: readonly [Expression, Expression];
  readonly shares: readonly [Expression, Expression];
}

/** Gives a vector of channels from a byte of them on. */
type ChannelLoader = (channelByte: Expression) => Expression;

const loadFrom =
  (floats: Floats, start: Expression): ChannelLoader =>
  (byte) =>
    loadVector(floats, 'input', add(start, byte));

function loadLower(table: string, index: Expression): Expression {
  return load('i32', table, multiply(index, integer(resizeEntry.bytes)), resizeEntry.lower);
}

function loadNeighbours(builder: KernelBuilder, table: string, index: Expression): Neighbours {
  const entry = builder.declare('entry', multiply(index, integer(resizeEntry.bytes)));
  const offset = (place: number): Expression => builder.declare('offset', load('i32', table, entry, place));
  const share = (place: number): Expression => builder.declare('share', loadSplat(table, entry, place));
  return {
    offsets: [offset(resizeEntry.lower), offset(resizeEntry.upper)],
    shares: [share(resizeEntry.lowerShare), share(resizeEntry.upperShare)],
  };
}

const mix =
  ({ shares }: Neighbours, lower: ChannelLoader, upper: ChannelLoader): ChannelLoader =>
  (byte) =>
    multiplyAdd(upper(byte), shares[1], multiply(lower(byte), shares[0]));

/** Gives, for pixels of row y of the output, what makes up their channels. */
function rowSampler(
  builder: KernelBuilder,
  problem: ResizeProblem,
  y: Expression,
): (x: Expression) => ChannelLoader {
  const { sampling, inputRowStep } = problem;
  const floats = resizeFloats(problem);
  const at = (row: Expression, pixel: Expression): ChannelLoader =>
    loadFrom(floats, builder.declare('from', add(row, pixel)));
  const across = (row: Expression, neighbours: Neighbours): ChannelLoader =>
    mix(neighbours, at(row, neighbours.offsets[0]), at(row, neighbours.offsets[1]));
  if (sampling.kind !== 'linear') {
    const row = builder.declare('sourceRow', loadLower('rows', y));
    return (x) => at(row, loadLower('pixels', x));
  }
  if (!sampling.mixesRows) {
    const row = builder.declare('sourceRow', multiply(y, integer(inputRowStep)));
    return (x) => across(row, loadNeighbours(builder, 'pixels', x));
  }
  const rows = loadNeighbours(builder, 'rows', y);
  return (x) => {
    const pixels = loadNeighbours(builder, 'pixels', x);
    return mix(rows, across(rows.offsets[0], pixels), across(rows.offsets[1], pixels));
  };
}

/** Resamples with the channels of a pixel next to each other: every vector of them alike. */
export function lowerSampleChannels(builder: KernelBuilder, problem: ResizeProblem): void {
  const floats = resizeFloats(problem);
  const { bytes, lanes: vectorLanes, vectorBytes } = floats;
  const whole = problem.channels - (problem.channels % vectorLanes);
  const rest = problem.channels - whole;
  builder.loop('y', { to: problem.height }, (y) => {
    const sample = rowSampler(builder, problem, y);
    const targetRow = builder.declare('targetRow', multiply(y, integer(problem.outputRowStep)));
    builder.loop('x', { to: problem.width }, (x) => {
      const channels = sample(x);
      const target = builder.declare('target', add(targetRow, multiply(x, integer(problem.outputPixelStep))));
      const emitVector = (byte: Expression, lanes: number): void => {
        const to = builder.declare('to', add(target, byte));
        storeLanes(builder, 'output', to, 0, channels(byte), lanes, floats);
      };
      builder.loop('channel', { to: whole * bytes, step: vectorBytes }, (byte) => {
        emitVector(byte, vectorLanes);
      });
      if (rest > 0) emitVector(integer(whole * bytes), storableLanes(rest, problem.outputSlack, floats));
    });
  });
}
