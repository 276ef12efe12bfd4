import { gzipBytes, onnxruntimeWebGzipBytes, runtimeGzipBytes } from '@grim/tools/silero';
import type { SuiteOutcome } from '../../suite.ts';
import { variant, web, type VadModels } from './vad-models.ts';
import { vadRow } from './vad-row.ts';

/** What a browser downloads, after `gzip -9`. */
export async function measureSizes({ dense, pruned2, pruned4 }: VadModels): Promise<SuiteOutcome> {
  const runtime = await runtimeGzipBytes();
  const baseline = onnxruntimeWebGzipBytes(variant);
  const row = (side: string, sizes: { runtime: number; model: number }): SuiteOutcome['rows'][number] =>
    vadRow({
      kind: 'size',
      side,
      runtime_gzip_bytes: sizes.runtime,
      model_gzip_bytes: sizes.model,
      download_gzip_bytes: sizes.runtime + sizes.model,
    });
  return {
    rows: [
      ...[dense, pruned2, pruned4].map(({ name, file }) => row(name, { runtime, model: gzipBytes(file) })),
      row(web, baseline),
    ],
    summary: {
      runtime_gzip_bytes: runtime,
      download_gzip_bytes: runtime + gzipBytes(pruned4.file),
      ort_web_download_gzip_bytes: baseline.runtime + baseline.model,
    },
  };
}
