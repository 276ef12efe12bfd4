import { add, compare, integer, multiply, subtract } from '../../kernel-ir/expressions.ts';
import type { KernelBuilder } from '../../kernel-ir/kernel-builder.ts';
import type { Expression } from '../../kernel-ir/types.ts';
import { floatsOf } from '../floats.ts';
import { emitPanelCopy } from './emit-panel-copy.ts';
import { emitSubsets } from './emit-subsets.ts';
import { forGroups } from './for-groups.ts';
import { panelLayout, panelRows, type PanelLayout } from './panel-layout.ts';
import type { SpmmProblem, SpmmSchedule, StripColumns } from './spmm-problem.ts';
import type { Strip } from './strip.ts';
import { finishSums, startSums } from './strip-sums.ts';
import { smaller, tileVectors, type Tile, type TileInput } from './tiles.ts';

/** Bytes of a cache line: sums start at one. */
const CACHE_LINE = 64;

/** A block of pixels that share a panel: as wide as a tile, one or several tiles high. */
interface PanelBlock {
  readonly layout: PanelLayout;
  readonly height: number;
  readonly tileRows: number;
  /** Bytes of scratch memory that the panel takes. */
  readonly panelBytes: number;
  /** Bytes that the sums of all strips take, after the panel. */
  readonly sumBytes: number;
}

function panelBlock(problem: SpmmProblem, schedule: SpmmSchedule): PanelBlock {
  const layout = panelLayout(problem, schedule);
  const height = Math.min(schedule.blockHeight, problem.height);
  const tileRows = Math.min(schedule.tileRows, height);
  const { lanes, vectorBytes } = floatsOf(problem.element);
  const tileBytes = tileRows * Math.ceil(layout.pixels / lanes) * vectorBytes;
  const panelBytes = panelRows(layout, problem.window, height) * layout.rowStep;
  return {
    layout,
    height,
    tileRows,
    panelBytes: Math.ceil(panelBytes / CACHE_LINE) * CACHE_LINE,
    sumBytes: Math.ceil(height / tileRows) * problem.rows * tileBytes,
  };
}

/** Elements of scratch memory that panels and the sums beside them need. */
export function panelScratch(problem: SpmmProblem, schedule: SpmmSchedule): number {
  const { panelBytes, sumBytes } = panelBlock(problem, schedule);
  return (panelBytes + sumBytes) / floatsOf(problem.element).bytes;
}

/** Calls `emit` for the tiles of a block, which is at `target` of the output. */
function forTilesOfBlock(
  builder: KernelBuilder,
  { element, outputRowStep }: SpmmProblem,
  { layout, height, tileRows }: PanelBlock,
  target: Expression,
  emit: (tile: Tile) => void,
): void {
  const [strideY] = layout.strides;
  const input: TileInput = {
    buffer: 'scratch',
    floats: floatsOf(element),
    pixelStep: layout.pixelBytes,
    rowStep: strideY * layout.rowStep,
  };
  const vectors = tileVectors(input, outputRowStep, [tileRows, layout.pixels]);
  builder.loop('tileY', { to: height, step: tileRows }, (y) => {
    const top = height % tileRows === 0 ? y : smaller(builder, y, height - tileRows);
    emit({
      input,
      source: builder.declare('source', multiply(top, integer(input.rowStep))),
      target: builder.declare('targetTile', add(target, multiply(top, integer(outputRowStep)))),
      vectors,
    });
  });
}

/**
 * A sparse convolution by panels: for one block of pixels after the other, the inputs of some channels are copied to where the
 * first cache keeps them, and all strips add their products with these, until all channels are through.
 */
export function emitPanels(
  builder: KernelBuilder,
  problem: SpmmProblem,
  { subsets }: StripColumns,
  schedule: SpmmSchedule,
): void {
  const { rows, height, width, window } = problem;
  const { groupRows, loopOrder, panelChannels } = schedule;
  const block = panelBlock(problem, schedule);
  const { layout } = block;
  // Where in the stream the strips of a panel start, the current strip, and what is read of it.
  const panelStart = builder.variable('panelStart', integer(0));
  const start = builder.variable('start', integer(0));
  const cursor = builder.variable('cursor', integer(0));
  // Where the sums of the current strip and tile are: one after the other, in the order in which they are computed.
  const sums = builder.variable('sums', integer(0));

  const emitStripTile = (
    firstChannel: Expression,
    firstRow: Expression,
    stripRows: number,
    tile: Tile,
  ): void => {
    const strip: Strip = { firstRow, rows: stripRows, subsets, start, cursor };
    const isFirst = compare('eq', firstChannel, integer(0));
    const isLast = compare('ge', firstChannel, integer(window.channels - panelChannels));
    builder.branch(isFirst, () => {
      startSums(builder, problem, strip, sums, tile);
    });
    emitSubsets(builder, strip, sums, tile);
    builder.branch(isLast, () => {
      finishSums(builder, problem, strip, sums, tile);
    });
    builder.assign(sums, add(sums, integer(stripRows * tile.vectors.length * tile.input.floats.vectorBytes)));
  };

  const emitPanel = (firstChannel: Expression, target: Expression): void => {
    const forTiles = (visit: (tile: Tile) => void): void => {
      forTilesOfBlock(builder, problem, block, target, visit);
    };
    builder.assign(sums, integer(block.panelBytes));
    builder.assign(start, panelStart);
    if (loopOrder === 'rows') {
      forGroups(builder, rows, groupRows, (firstRow, stripRows) => {
        forTiles((tile) => {
          emitStripTile(firstChannel, firstRow, stripRows, tile);
        });
        builder.assign(start, cursor);
      });
    } else {
      forTiles((tile) => {
        builder.assign(start, panelStart);
        forGroups(builder, rows, groupRows, (firstRow, stripRows) => {
          emitStripTile(firstChannel, firstRow, stripRows, tile);
          builder.assign(start, cursor);
        });
      });
    }
    builder.assign(panelStart, cursor);
  };

  const emitBlock = (y: Expression, x: Expression): void => {
    const source = builder.declare(
      'sourceBlock',
      add(multiply(y, integer(problem.inputRowStep)), multiply(x, integer(problem.inputPixelStep))),
    );
    const target = builder.declare(
      'targetBlock',
      add(multiply(y, integer(problem.outputRowStep)), multiply(x, integer(layout.pixelBytes))),
    );
    builder.assign(panelStart, integer(0));
    builder.loop('firstChannel', { to: window.channels, step: panelChannels }, (first) => {
      const channels =
        window.channels % panelChannels === 0
          ? integer(panelChannels)
          : smaller(builder, subtract(integer(window.channels), first), panelChannels);
      const sourceChannel = add(source, multiply(first, integer(window.channelStep)));
      emitPanelCopy(builder, problem, {
        layout,
        height: block.height,
        source: builder.declare('sourceChannel', sourceChannel),
        channels,
      });
      emitPanel(first, target);
    });
  };
  builder.loop('blockY', { to: height, step: block.height }, (blockY) => {
    const y = height % block.height === 0 ? blockY : smaller(builder, blockY, height - block.height);
    builder.loop('blockX', { to: width, step: layout.pixels }, (blockX) => {
      emitBlock(y, width % layout.pixels === 0 ? blockX : smaller(builder, blockX, width - layout.pixels));
    });
  });
}
