import type { ScheduleDescription } from '../schedule-description.ts';
import type { SpmmSchedule } from './spmm-problem.ts';

/** The choices of `spmm`. */
export const spmmChoices: ScheduleDescription<SpmmSchedule> = {
  groupRows: {
    values: [1, 2, 4, 8],
    means: 'rows of the matrix that are computed together',
    byDefault: '4; 2 under wide tiles whose sums are in scratch',
  },
  pixelVectors: {
    values: [1, 2, 3, 4, 5, 6, 7, 8],
    means: 'vectors of pixels along a row of a tile',
    byDefault: 'by width and packing',
  },
  tileRows: {
    values: [1, 2, 4],
    means: 'rows of pixels of a tile',
    byDefault: 'by height and packing',
  },
  blockHeight: {
    values: { from: 1, to: 65_536 },
    means: 'rows of pixels that the order of loops within a block applies to',
    byDefault: 'by what the caches hold',
  },
  loopOrder: {
    values: ['rows', 'tiles'],
    means: 'which loop is outside within a block: over the rows of the matrix, or over the tiles of pixels',
    byDefault: 'rows; tiles over a panel',
  },
  panelChannels: {
    values: { from: 0, to: 65_536 },
    means:
      'channels whose inputs are copied into a panel for all rows of the matrix; 0 reads the image in place',
    byDefault: 'by what the first cache holds; 0 where sums are in registers',
  },
  columnUnroll: {
    values: [1, 2, 4],
    means: 'columns per turn of the inner loop; 1 where sums are in scratch',
    byDefault: '1; 4 where there are 32 registers',
  },
  rowPruning: {
    values: ['subsets', 'padding'],
    means: 'inner loops for the row subsets of a strip, or zeros stored in their place',
    byDefault: 'subsets',
  },
  sums: {
    values: ['registers', 'scratch'],
    means: 'where sums are while one row subset after the other adds to them',
    byDefault: 'registers where there are 32, and for dense layers; else scratch',
  },
};
