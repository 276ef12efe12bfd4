import type { KernelContents, PartStarts, SharedLoops } from '../family.ts';
import { floatsOf } from '../floats.ts';
import type { SpmmProblem, SpmmSchedule } from './spmm-problem.ts';

/** Where each strip starts in the stream. */
function stripStarts({ rows, columns }: SpmmProblem, { groupRows, columnUnroll }: SpmmSchedule): PartStarts {
  const subsets = columns.kind === 'strips' ? columns.subsets : [];
  const table = ({ stream }: KernelContents): Int32Array => {
    const word = (byte: number): number => stream?.getInt32(byte, true) ?? 0;
    let at = 0;
    const starts: number[] = [];
    for (let first = 0; first < rows; first += groupRows) {
      starts.push(at);
      const stripRows = Math.min(groupRows, rows - first);
      at += 4 * stripRows;
      // The last strip may be shorter: subsets that name only rows it lacks are not there.
      subsets
        .filter((members) => members % 2 ** stripRows > 0)
        .forEach(() => {
          at += (columnUnroll > 1 ? 8 : 4) + word(at);
        });
    }
    return Int32Array.from(starts);
  };
  return { buffers: ['stream'], table };
}

/**
 * Loops that work-items can share. Those along pixels have the same columns, so that neighbours do not diverge; threads divide the
 * packed weights or the rows of pixels instead.
 */
export function sharedLoops(problem: SpmmProblem, schedule: SpmmSchedule): SharedLoops<SpmmProblem> {
  const { columns } = problem;
  const { groupRows, tileRows, pixelVectors, panelChannels } = schedule;
  const { bytes, lanes } = floatsOf(problem.element);
  const isDense = columns.kind === 'all';
  const rowsOfPixels = {
    name: 'row of pixels',
    turns: problem.height,
    multiple: tileRows,
    steps: { input: problem.inputRowStep, output: problem.outputRowStep },
    onlyItems: true,
  } as const;
  // The stream has a piece of every strip for every panel, whose layout depends on the width of a tile.
  if (panelChannels > 0) {
    return { loops: [rowsOfPixels], part: ([height = problem.height]) => ({ ...problem, height }) };
  }
  return {
    loops: [
      rowsOfPixels,
      {
        name: 'row',
        turns: problem.rows,
        multiple: groupRows,
        // A strip says where in the output its rows are.
        steps: isDense
          ? { weights: columns.columns * bytes, bias: bytes, output: problem.outputChannelStep }
          : { bias: bytes },
        ...(isDense ? {} : { starts: stripStarts(problem, schedule) }),
        onlyItems: true,
      },
      {
        name: 'pixel',
        turns: problem.width,
        multiple: lanes * pixelVectors,
        steps: { input: problem.inputPixelStep, output: bytes },
        onlyItems: true,
      },
    ],
    part: ([height = problem.height, rows = problem.rows, width = problem.width]) => ({
      ...problem,
      height,
      rows,
      width,
    }),
    ...(isDense
      ? {
          reads: {
            weights: problem.rows * columns.columns * bytes,
            index: columns.columns * 4,
            bias: problem.rows * bytes,
          },
        }
      : {}),
  };
}
