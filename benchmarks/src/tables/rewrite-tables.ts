import { formatEnvironment } from '../measuring/describe-environment.ts';
import type { BenchmarkResult, Row } from '../results/benchmark-result.ts';
import { formatValue } from '../results/format-value.ts';
import { markdownTable } from './markdown-table.ts';

/**
 * A marked place in a document: `<!-- bench SUITE WHAT … -->`, anything, `<!-- /bench -->`.
 *
 * WHAT is `rows [COLUMN[=HEADING],…] [where COLUMN=VALUE …]`, `summary [KEY[=LABEL],…]` or `environment`. Headings hold
 * no spaces or commas; an underscore in one is shown as a space.
 */
const marker = /(<!-- bench (\S+) (.*?) -->\n)(.*?)(<!-- \/bench -->)/gs;

/** A marker without its end would be left alone in silence. */
const opening = /<!-- bench \S/g;

/**
 * Puts the tables between the markers of a document, made from results.
 *
 * @param markdown - text of the document
 * @param resultOf - result of a suite, undefined where there is none
 * @returns the text with every table made anew
 * @throws Error when a marker is not closed, names what does not exist, or the result is of a quick run
 */
export function rewriteTables(
  markdown: string,
  resultOf: (suite: string) => BenchmarkResult | undefined,
): string {
  let closed = 0;
  const rewritten = markdown.replace(
    marker,
    (_all, begin: string, suite: string, request: string, _old: string, end: string) => {
      closed++;
      const result = resultOf(suite);
      if (!result) throw new Error(`there is no result of '${suite}'`);
      if (result.quick) throw new Error(`the result of '${suite}' is of a quick run`);
      return `${begin}\n${render(result, request)}\n\n${end}`;
    },
  );
  if (closed !== (markdown.match(opening)?.length ?? 0)) throw new Error('a bench marker is not closed');
  return rewritten;
}

function render(result: BenchmarkResult, request: string): string {
  const [what, ...words] = request.split(' ');
  switch (what) {
    case 'environment':
      return `Measured ${result.date} on ${formatEnvironment(result.environment)}.`;
    case 'summary':
      return renderSummary(result, words[0]);
    case 'rows':
      return renderRows(result, words);
    default:
      throw new Error(`a bench marker asks for '${request}', not for rows, summary or environment`);
  }
}

function renderSummary({ suite, summary }: BenchmarkResult, selection: string | undefined): string {
  const lines = choose(selection, Object.keys(summary)).map(([key, label]) => {
    const value = summary[key];
    if (value === undefined) throw new Error(`the summary of '${suite}' has no '${key}'`);
    return [label, formatValue(value)];
  });
  return markdownTable(['', 'measured'], lines);
}

function renderRows({ suite, rows }: BenchmarkResult, words: readonly string[]): string {
  const whereAt = words.indexOf('where');
  const selection = whereAt === 0 ? undefined : words[0];
  const conditions = whereAt < 0 ? [] : words.slice(whereAt + 1).map((word) => word.split('='));
  const chosen = choose(selection, Object.keys(rows[0] ?? {}));
  const kept = rows.filter((row) =>
    conditions.every(([column = '', value]) => String(row[column]) === value),
  );
  if (kept.length === 0) throw new Error(`no row of '${suite}' is left by '${words.join(' ')}'`);
  return markdownTable(
    chosen.map(([, heading]) => heading),
    kept.map((row) => chosen.map(([column]) => formatValue(cell(suite, row, column)))),
  );
}

function cell(suite: string, row: Row, column: string): string | number | null {
  const value = row[column];
  if (value === undefined) throw new Error(`the rows of '${suite}' have no '${column}'`);
  return value;
}

/** Keys with their headings: those of `selection`, as `key=Heading_text,key`, or all. */
function choose(selection: string | undefined, all: readonly string[]): [key: string, heading: string][] {
  if (selection === undefined || selection === '') return all.map((key) => [key, key]);
  return selection.split(',').map((part) => {
    const [key = '', heading = key] = part.split('=');
    return [key, heading === key ? key : heading.replaceAll('_', ' ')];
  });
}
