import { add, integer, load, loadSplat, multiply, multiplyAdd } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { loadScalar, singleFloats, storeFloats, type Floats } from '../floats.ts';
import { storeLanes } from '../store-lanes.ts';
import { resizeEntry, resizeFloats, scratchRow, type ResizeProblem } from './resize-problem.ts';

const entryAt = (index: Expression): Expression => multiply(index, integer(resizeEntry.bytes));

/** Takes one element for each pixel. */
function emitNearestRow(
  builder: KernelBuilder,
  problem: ResizeProblem,
  sourceRow: Expression,
  targetRow: Expression,
): void {
  const floats = resizeFloats(problem);
  builder.loop('x', { to: problem.width }, (x) => {
    const offset = load('i32', 'pixels', entryAt(x), resizeEntry.lower);
    const target = builder.declare('target', add(targetRow, multiply(x, integer(floats.bytes))));
    const pixel = loadScalar(floats, 'input', add(sourceRow, offset));
    storeFloats(floats, builder, 'output', target, 0, pixel);
  });
}

/** Mixes two neighbours of one row for each pixel. */
function emitLinearRow(
  builder: KernelBuilder,
  problem: ResizeProblem,
  sourceRow: Expression,
  to: { readonly buffer: string; readonly floats: Floats; readonly row: Expression },
): void {
  const floats = resizeFloats(problem);
  builder.loop('x', { to: problem.width }, (x) => {
    const entry = builder.declare('entry', entryAt(x));
    const neighbour = (offset: number): Expression =>
      loadScalar(floats, 'input', add(sourceRow, load('i32', 'pixels', entry, offset)));
    const lower = multiply(
      neighbour(resizeEntry.lower),
      load('f32', 'pixels', entry, resizeEntry.lowerShare),
    );
    const share = load('f32', 'pixels', entry, resizeEntry.upperShare);
    const target = builder.declare('target', add(to.row, multiply(x, integer(to.floats.bytes))));
    const mixed = multiplyAdd(neighbour(resizeEntry.upper), share, lower);
    storeFloats(to.floats, builder, to.buffer, target, 0, mixed);
  });
}

/** Mixes two rows of `scratch`, which are 32-bit floats, for each row of the output. */
function emitMixedRows(builder: KernelBuilder, problem: ResizeProblem, targetPlane: Expression): void {
  const { height, width } = problem;
  const floats = resizeFloats(problem);
  builder.loop('y', { to: height }, (y) => {
    const entry = builder.declare('entry', entryAt(y));
    const lower = builder.declare('lower', load('i32', 'rows', entry, resizeEntry.lower));
    const upper = builder.declare('upper', load('i32', 'rows', entry, resizeEntry.upper));
    const lowerShare = builder.declare('lowerShare', loadSplat('rows', entry, resizeEntry.lowerShare));
    const upperShare = builder.declare('upperShare', loadSplat('rows', entry, resizeEntry.upperShare));
    const targetRow = builder.declare(
      'targetRow',
      add(targetPlane, multiply(y, integer(problem.outputRowStep))),
    );
    const emitVector = (x: Expression, lanes: number): void => {
      const byte = multiply(x, integer(singleFloats.bytes / floats.bytes));
      const above = multiply(load('f32x4', 'scratch', add(lower, byte)), lowerShare);
      const mixed = multiplyAdd(load('f32x4', 'scratch', add(upper, byte)), upperShare, above);
      const target = builder.declare('target', add(targetRow, x));
      storeLanes(builder, 'output', target, 0, mixed, lanes, floats);
    };
    const whole = width - (width % 4);
    builder.loop('x', { to: whole * floats.bytes, step: floats.vectorBytes }, (x) => {
      emitVector(x, 4);
    });
    if (width === whole) return;
    // The last vector reaches back over pixels already done where there are any.
    if (whole > 0) emitVector(integer((width - 4) * floats.bytes), 4);
    else emitVector(integer(0), width);
  });
}

/**
 * Resamples with pixels next to each other. Linear: first every row of the input along itself, then mixtures of whole
 * rows, four pixels at a time.
 */
export function lowerSamplePixels(builder: KernelBuilder, problem: ResizeProblem): void {
  const { sampling } = problem;
  builder.loop('channel', { to: problem.channels }, (channel) => {
    const source = builder.declare('plane', multiply(channel, integer(problem.inputChannelStep)));
    const target = builder.declare('targetPlane', multiply(channel, integer(problem.outputChannelStep)));
    const targetRowOf = (y: Expression): Expression =>
      builder.declare('targetRow', add(target, multiply(y, integer(problem.outputRowStep))));
    if (sampling.kind === 'nearest') {
      builder.loop('y', { to: problem.height }, (y) => {
        const offset = load('i32', 'rows', entryAt(y), resizeEntry.lower);
        const sourceRow = builder.declare('sourceRow', add(source, offset));
        emitNearestRow(builder, problem, sourceRow, targetRowOf(y));
      });
      return;
    }
    const mixesRows = sampling.kind === 'linear' && sampling.mixesRows;
    builder.loop('row', { to: problem.inputHeight }, (y) => {
      const sourceRow = builder.declare('sourceRow', add(source, multiply(y, integer(problem.inputRowStep))));
      if (mixesRows) {
        const row = builder.declare('scratchRow', multiply(y, integer(scratchRow(problem.width) * 4)));
        emitLinearRow(builder, problem, sourceRow, { buffer: 'scratch', floats: singleFloats, row });
      } else {
        const row = targetRowOf(y);
        const floats = resizeFloats(problem);
        emitLinearRow(builder, problem, sourceRow, { buffer: 'output', floats, row });
      }
    });
    if (mixesRows) emitMixedRows(builder, problem, target);
  });
}
