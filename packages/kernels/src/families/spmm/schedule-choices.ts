import type { ScheduleDescription } from '../schedule-description.ts';
import type { SpmmSchedule } from './spmm-problem.ts';

/** The choices of `spmm`. */
export const spmmChoices: ScheduleDescription<SpmmSchedule> = {
  groupRows: {
    values: [1, 2, 4, 8],
    means: 'rows of the matrix that are computed together',
    byDefault: '4',
  },
  pixelVectors: {
    values: [1, 2, 3, 4],
    means: 'vectors of four pixels along a row of a tile',
    byDefault: 'by width and packing',
  },
  tileRows: {
    values: [1, 2, 4],
    means: 'rows of pixels of a tile',
    byDefault: 'by height and packing',
  },
  blockHeight: {
    values: { from: 1, to: 65_536 },
    means: 'rows of pixels that one group of weights is applied to before the next group',
    byDefault: 'by what the caches hold',
  },
};
