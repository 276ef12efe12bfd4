import type { Provenance } from '@grim/ir';
import type { ImportSettings } from './import-settings.ts';

/** Name under which import settings are kept in the provenance of a file. */
export const importOption = 'import';

/** Import settings as text for the provenance; `undefined` when there are none to keep. */
export function recordSettings({ set, shapes, states }: ImportSettings): string | undefined {
  const text = JSON.stringify({ set, shapes, states });
  return text === '{}' ? undefined : text;
}

/** The import settings that a file was made with. What is not understood is left out: it was written by someone else. */
export function recordedSettings({ options }: Provenance): ImportSettings {
  const recorded = parseObject(options[importOption]);
  const set = numberLists(recorded['set']);
  const shapes = numberLists(recorded['shapes']);
  const states = statePairs(recorded['states']);
  return { ...(set && { set }), ...(shapes && { shapes }), ...(states && { states }) };
}

/** The object that a JSON text holds; an empty one for anything else. */
export function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function numberLists(value: unknown): Record<string, readonly number[]> | undefined {
  if (!isObject(value)) return undefined;
  const lists = Object.entries(value).filter(
    (entry): entry is [string, number[]] =>
      Array.isArray(entry[1]) && entry[1].every((element) => typeof element === 'number'),
  );
  return Object.fromEntries(lists);
}

function statePairs(value: unknown): ImportSettings['states'] {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((pair: unknown) => {
    if (!isObject(pair)) return [];
    const { input, output } = pair as { input?: unknown; output?: unknown };
    return typeof input === 'string' && typeof output === 'string' ? [{ input, output }] : [];
  });
}
