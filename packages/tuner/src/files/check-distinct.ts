import { GrimError } from '@grim/ir';
import { placeOf } from './place-of.ts';

/**
 * Refuses files that a command writes to one place, even where none of them exists yet: one would be lost.
 *
 * @param outputs - Files and folders; the folders that they are in exist.
 * @throws GrimError naming the second of two.
 */
export async function checkDistinct(outputs: readonly string[]): Promise<void> {
  const places = new Set<string>();
  for (const file of outputs) {
    const place = await placeOf(file);
    if (places.has(place)) throw new GrimError('is also another output', { file });
    places.add(place);
  }
}
