import { loadModel } from '@grim/runtime';
import {
  agreementOf,
  compileSilero,
  grimEngine,
  importSilero,
  inputWindows,
  onnxruntimeWebEngine,
  probabilitiesOf,
  sileroVariants,
  type Agreement,
  type SileroVariant,
} from '@grim/tools/silero';
import type { SuiteOutcome } from '../../suite.ts';
import { onnxruntimeNodeEngine } from './onnxruntime-node-engine.ts';
import type { TestRecording } from './test-recording.ts';
import { node, variant, web, type VadModels } from './vad-models.ts';
import { vadRow } from './vad-row.ts';

/** How far probabilities are from those of onnxruntime, over a whole recording with the state carried along. */
export async function measureDifferences(
  { dense, pruned2, pruned4 }: VadModels,
  recording: TestRecording,
): Promise<SuiteOutcome> {
  const windows = inputWindows(recording.samples, variant.options);
  const reference = await probabilitiesOf(await onnxruntimeNodeEngine(variant), windows);
  const grim = async ({ session }: VadModels['dense']): Promise<Agreement> =>
    agreementOf(await probabilitiesOf(grimEngine(session), windows), reference);

  const found = {
    dense: await grim(dense),
    pruned2: await grim(pruned2),
    pruned4: await grim(pruned4),
    web: agreementOf(await probabilitiesOf(await onnxruntimeWebEngine(variant), windows), reference),
    v6: await differencesOf(sileroVariants.v6, recording.samples),
    legacy: await differencesOf(sileroVariants.legacy, recording.samples),
    legacyUnrounded: await differencesOf(sileroVariants.legacy, recording.unrounded),
  };
  const row = (side: string, { maxAbsDiff, agreement, speech }: Agreement): SuiteOutcome['rows'][number] =>
    vadRow({
      kind: 'difference',
      side,
      baseline: node,
      max_abs_diff: maxAbsDiff,
      agreement,
      speech,
      recording: recording.source,
      seconds: recording.seconds,
    });
  const rows = (version: string, { grim, web: other }: Differences): SuiteOutcome['rows'] => [
    row(`${dense.name}, ${version}`, grim),
    row(`${web}, ${version}`, other),
  ];
  return {
    rows: [
      row(dense.name, found.dense),
      row(pruned2.name, found.pruned2),
      row(pruned4.name, found.pruned4),
      row(web, found.web),
      ...rows('v6', found.v6),
      ...rows('legacy', found.legacy),
      ...rows('legacy, samples not rounded', found.legacyUnrounded),
    ],
    summary: {
      dense_max_abs_diff: found.dense.maxAbsDiff,
      v6_max_abs_diff: found.v6.grim.maxAbsDiff,
      legacy_max_abs_diff: found.legacy.grim.maxAbsDiff,
      legacy_unrounded_max_abs_diff: found.legacyUnrounded.grim.maxAbsDiff,
      legacy_unrounded_ort_web_max_abs_diff: found.legacyUnrounded.web.maxAbsDiff,
      pruned2_agreement: found.pruned2.agreement,
      pruned4_agreement: found.pruned4.agreement,
    },
  };
}

/** How far two engines are from onnxruntime-node. */
interface Differences {
  readonly grim: Agreement;
  /** onnxruntime-web: how far two builds of the same library are apart. */
  readonly web: Agreement;
}

/** Another version of the model, dense. */
async function differencesOf(other: SileroVariant, samples: Float32Array): Promise<Differences> {
  const windows = inputWindows(samples, other.options);
  const reference = await probabilitiesOf(await onnxruntimeNodeEngine(other), windows);
  const model = await loadModel((await compileSilero(other, importSilero(other))).file, { file: other.name });
  const grim = await probabilitiesOf(grimEngine(model.createSession()), windows);
  const fromWeb = await probabilitiesOf(await onnxruntimeWebEngine(other), windows);
  return { grim: agreementOf(grim, reference), web: agreementOf(fromWeb, reference) };
}
