import type { ScheduleDescription } from '../schedule-description.ts';
import type { SpmvSchedule } from './spmv-problem.ts';

/** The choices of `spmv`. */
export const spmvChoices: ScheduleDescription<SpmvSchedule> = {
  groupRows: {
    values: [4, 8, 16, 32],
    means: 'rows in vector lanes that share one pass over their columns',
    byDefault: 'by rows and positions; the packing that costs least when sparse',
  },
  positionTile: {
    values: [1, 2, 3, 4],
    means: 'right-hand sides that are computed together',
    byDefault: 'as many as there are, at most 4',
  },
  accumulatorSets: {
    values: [1, 2, 4],
    means: 'independent sums per result',
    byDefault: 'as many as make 4 accumulators; 8 where there are 32 registers',
  },
  columnUnroll: {
    values: [1, 2, 4, 8],
    means: 'columns per turn of the inner loop, a multiple of the sets',
    byDefault:
      'as many as sets; more for listed columns of one right-hand side; 4, or 8 when listed, where there are 32 registers',
  },
  weightStreams: {
    values: [1, 2, 4],
    means: 'regions of the weights that are read side by side; not for column lists of rows in order',
    byDefault: '2 where dense weights exceed the second cache; one per vector of scattered rows, up to 4',
  },
};
