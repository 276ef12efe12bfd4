import type { Graph } from '@grim/ir';
import { resample } from '@grim/speech';
import { agreementOf, grimEngine, inputWindows, probabilitiesOf, sileroVariants } from '@grim/tools/silero';
import { joinedPrompts } from '../../vad/joined-prompts.ts';
import { sixteenBit } from '../../vad/sixteen-bit.ts';
import { compileModel } from '../cells/compile-model.ts';
import { testPackages } from './speech-packages.ts';

const { options } = sileroVariants.v5;

/**
 * Share of frames in which two models decide alike whether they are speech, over the test recordings.
 *
 * Both are compiled; each recording is one stream with the state carried along.
 *
 * @param secondsPerPackage - Of each package.
 */
export async function decisionAgreement(
  dense: Graph,
  model: Graph,
  secondsPerPackage: number,
): Promise<number> {
  const engines = [await engineOf(dense), await engineOf(model)] as const;
  let same = 0;
  let frames = 0;
  for (const { executable: folder } of testPackages) {
    const recording = joinedPrompts(folder, secondsPerPackage);
    const samples = sixteenBit(resample(recording.samples, recording.sampleRate, options.modelSampleRate));
    const windows = inputWindows(samples, options);
    const [expected, found] = [
      await probabilitiesOf(engines[0], windows),
      await probabilitiesOf(engines[1], windows),
    ];
    same += agreementOf(found, expected).agreement * windows.length;
    frames += windows.length;
  }
  return same / frames;
}

async function engineOf(graph: Graph): Promise<ReturnType<typeof grimEngine>> {
  return grimEngine((await compileModel(graph)).session);
}
