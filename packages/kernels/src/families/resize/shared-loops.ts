import type { SharedLoops } from '../family.ts';
import { resizeEntry, type ResizeProblem } from './resize-problem.ts';

/**
 * Loops of a resize that can be shared: channels, or rows and pixels where channels are in lanes. Where rows of a channel wait in
 * `scratch` to be mixed, threads cannot, as there is only one such place; work-items have one each.
 */
export function sharedLoops(problem: ResizeProblem): SharedLoops<ResizeProblem> {
  const { lanes, sampling } = problem;
  const mixesRows = sampling.kind === 'linear' && sampling.mixesRows;
  if (lanes === 'pixels') {
    return {
      loops: [
        {
          name: 'channel',
          turns: problem.channels,
          multiple: 1,
          steps: { input: problem.inputChannelStep, output: problem.outputChannelStep },
          ...(mixesRows ? { onlyItems: true } : {}),
        },
      ],
      part: ([channels = problem.channels]) => ({ ...problem, channels, outputSlack: 0 }),
    };
  }
  const keepsRows = sampling.kind === 'linear' && !mixesRows;
  return {
    loops: [
      {
        name: 'row',
        turns: problem.height,
        multiple: 1,
        steps: {
          rows: resizeEntry.bytes,
          output: problem.outputRowStep,
          ...(keepsRows ? { input: problem.inputRowStep } : {}),
        },
      },
      {
        name: 'pixel',
        turns: problem.width,
        multiple: 1,
        steps: { pixels: resizeEntry.bytes, output: problem.outputPixelStep },
      },
    ],
    part: ([height = problem.height, width = problem.width]) => ({
      ...problem,
      height,
      width,
      outputSlack: 0,
      ...(keepsRows ? { inputHeight: height } : {}),
    }),
  };
}
