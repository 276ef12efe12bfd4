import type { FamilyRow } from '@grim/kernels';
import { markdownTable } from './markdown-table.ts';

/** A marked place in a document: `<!-- kernels WHAT -->`, anything, `<!-- /kernels -->`. */
const marker = /(<!-- kernels (\S+) -->\n)(.*?)(<!-- \/kernels -->)/gs;

/** A marker without its end would be left alone in silence. */
const opening = /<!-- kernels \S/g;

/** Emitted text of a kernel, to be linked to. */
export interface Snapshot {
  /** Where it is, from the document. */
  readonly link: string;
  readonly text: string;
}

/**
 * Puts the tables of kernel families between the markers of a document, made from their registry.
 *
 * @param markdown - Text of the document; `families` and `schedules` are the tables there are.
 * @param families - The registry.
 * @param snapshots - Emitted texts; a family is linked to those that have a kernel of it.
 * @returns The text with every table made anew.
 * @throws Error when a marker is not closed or names no table, or a family has no emitted text.
 */
export function rewriteKernelTables(
  markdown: string,
  families: readonly FamilyRow[],
  snapshots: readonly Snapshot[],
): string {
  let closed = 0;
  const rewritten = markdown.replace(
    marker,
    (_all, begin: string, what: string, _old: string, end: string) => {
      closed++;
      return `${begin}\n${render(what, families, snapshots)}\n\n${end}`;
    },
  );
  if (closed !== (markdown.match(opening)?.length ?? 0)) throw new Error('a kernels marker is not closed');
  return rewritten;
}

function render(what: string, families: readonly FamilyRow[], snapshots: readonly Snapshot[]): string {
  switch (what) {
    case 'families':
      return markdownTable(
        ['family', 'computes', 'lanes', 'end of the name', 'emitted text'],
        families.map((family) => [
          `\`${family.name}\``,
          family.computes,
          family.lanes,
          scheduleWord(family),
          links(family, snapshots),
        ]),
      );
    case 'schedules':
      return markdownTable(
        ['family', 'choice', 'values', 'by default', 'is'],
        families.flatMap(({ name, choices }) =>
          Object.entries(choices).map(([choice, { values, byDefault, means }]) => [
            `\`${name}\``,
            `\`${choice}\``,
            'from' in values ? `${values.from} to ${values.to}` : values.join(', '),
            byDefault,
            means,
          ]),
        ),
      );
    default:
      throw new Error(`a kernels marker asks for '${what}', not for families or schedules`);
  }
}

/** What a kernel's name says about its schedule, with the names of the choices for their values. */
function scheduleWord({ choices }: FamilyRow): string {
  const keys = Object.keys(choices);
  return keys.length === 0 ? '–' : `\`_t‹${keys.join('›x‹')}›\``;
}

function links({ name }: FamilyRow, snapshots: readonly Snapshot[]): string {
  const found = snapshots.filter(({ text }) => text.includes(`(func $${name}_`));
  if (found.length === 0) throw new Error(`there is no emitted text of family ${name}`);
  return found.map(({ link }) => `[${link.replace(/^.*\/|\.wat$/g, '')}](${link})`).join(', ');
}
