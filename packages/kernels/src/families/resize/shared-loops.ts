import type { SharedLoop } from '../family.ts';
import { resizeEntry, type ResizeProblem } from './resize-problem.ts';

/**
 * Loops of a resize that threads can share: channels, or rows and pixels where channels are in lanes. Where rows of a
 * channel wait in `scratch` to be mixed there is none, as there is only one such place.
 */
export function sharedLoops(problem: ResizeProblem): readonly SharedLoop<ResizeProblem>[] {
  const { lanes, sampling } = problem;
  const keepsRows = sampling.kind === 'linear' && !sampling.mixesRows;
  if (lanes === 'pixels') {
    if (sampling.kind === 'linear' && sampling.mixesRows) return [];
    return [
      {
        name: 'channel',
        turns: problem.channels,
        multiple: 1,
        steps: { input: problem.inputChannelStep, output: problem.outputChannelStep },
        part: (channels) => ({ ...problem, channels }),
      },
    ];
  }
  return [
    {
      name: 'row',
      turns: problem.height,
      multiple: 1,
      steps: {
        rows: resizeEntry.bytes,
        output: problem.outputRowStep,
        ...(keepsRows ? { input: problem.inputRowStep } : {}),
      },
      part: (height) => ({ ...problem, height, ...(keepsRows ? { inputHeight: height } : {}) }),
    },
    {
      name: 'pixel',
      turns: problem.width,
      multiple: 1,
      steps: { pixels: resizeEntry.bytes, output: problem.outputPixelStep },
      part: (width) => ({ ...problem, width }),
    },
  ];
}
