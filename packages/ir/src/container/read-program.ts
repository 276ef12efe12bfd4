import { withContext } from '../errors.ts';
import type { CompiledProgram } from './artefact.ts';
import { decodePlan } from './plan-message.ts';
import { readContainer, requireSection } from './read-container.ts';

/**
 * Reads only the compiled form from a `.grim` file: what a runtime needs, without the schema of graphs.
 *
 * @param bytes - The whole file. The modules share its memory; plan and image do not unless the image is stored raw.
 * @param file - Name for error messages.
 * @throws GrimError when the file is damaged, of another schema version, or holds no compiled model.
 */
export function readProgram(bytes: Uint8Array, file?: string): CompiledProgram {
  return withContext(file === undefined ? {} : { file }, () => {
    const container = readContainer(bytes);
    const plan = requireSection(container, 'plan');
    const code = requireSection(container, 'code');
    const image = requireSection(container, 'image');
    const decoded = decodePlan(plan, image.length);
    // Where the plan asks for it, it must be there; where it does not, nothing says what it needs.
    const relaxedCode = decoded.relaxedFeatures && requireSection(container, 'relaxed code');
    return { plan: decoded, code, ...(relaxedCode && { relaxedCode }), image };
  });
}
