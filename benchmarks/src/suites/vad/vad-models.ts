import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel, type Session } from '@grim/runtime';
import { compileSilero, importSilero, pruneSilero, sileroVariants } from '@grim/tools/silero';

/** The model that the suite is about; v6 and legacy are compared for exactness only. */
export const variant = sileroVariants.v5;

/** What GRIM is compared with. */
export const web = 'onnxruntime-web';
export const node = 'onnxruntime-node';

/** A compiled model of the suite. */
export interface VadModelUnderTest {
  readonly name: string;
  /** The `.grim` file, and where it was written. */
  readonly file: Uint8Array;
  readonly path: string;
  readonly session: Session;
}

/** The three that are compared. */
export interface VadModels {
  readonly dense: VadModelUnderTest;
  readonly pruned2: VadModelUnderTest;
  readonly pruned4: VadModelUnderTest;
}

/** Imports, prunes and compiles; files go to `folder`. */
export async function buildVadModels(folder: string): Promise<VadModels> {
  const graph = importSilero(variant);
  const build = async (name: string, rate: number): Promise<VadModelUnderTest> => {
    const { file } = await compileSilero(variant, rate === 1 ? graph : pruneSilero(graph, rate).graph);
    const path = join(folder, `${rate}.grim`);
    writeFileSync(path, file);
    const model = await loadModel(file, { file: path });
    return { name, file, path, session: model.createSession() };
  };
  return {
    dense: await build('GRIM dense', 1),
    pruned2: await build('GRIM pruned 2×', 2),
    pruned4: await build('GRIM pruned 4×', 4),
  };
}
