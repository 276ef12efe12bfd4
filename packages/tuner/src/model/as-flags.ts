import { GrimError } from '@grim/ir';

/** A name as the importer writes it: bare, or as a JSON string. */
const name = String.raw`("(?:[^"\\]|\\.)*"|[A-Za-z_$][\w$]*)`;

/** The importer's examples of options, and the command line's form of each. */
const rewrites: readonly (readonly [RegExp, (...groups: string[]) => string])[] = [
  [
    new RegExp(`inputs: \\{ ${name}: ([^ ]+) \\}`),
    (_, input = '', value = '') => `--set ${bare(input)}=${value}`,
  ],
  [
    new RegExp(`shapes: \\{ ${name}: \\[([\\d, ]*)\\] \\}`),
    (_, input = '', shape = '') => `--shape ${bare(input)}=${shape.replaceAll(' ', '')}`,
  ],
  [/^option inputs names/, () => '--set names'],
  [/^option shapes names/, () => '--shape names'],
  [/^option states names/, () => '--state names'],
];

function bare(text: string): string {
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

/** The same error, where it names an option of the importer naming the flag to give instead. */
export function asFlags(error: GrimError): GrimError {
  const problem = rewrites.reduce(
    (text, [pattern, replacement]) => text.replace(pattern, replacement),
    error.problem,
  );
  return problem === error.problem ? error : new GrimError(problem, error.context);
}
