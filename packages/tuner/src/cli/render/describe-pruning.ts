import type { PruneSettings } from '../../prune/prune-settings.ts';

/** Values by pattern that are listed; of more their number is told. */
const listed = 3;

/** How a file was pruned, in a line. */
export function describePruning(settings: PruneSettings): string {
  const { method, rate, rateOf, block, split, layers, exclude, minimumParameters } = settings;
  const rates = perLayer(rate, isNumber, (value) => `${Number(value.toPrecision(4))}x`);
  const blocks = perLayer(block, isBlock, ({ rows, columns }) => `${rows}x${columns}`);
  return [
    method,
    rateOf === 'model' ? `${rates} of the model` : rates,
    `${split === 'both' ? 'rows and columns' : split} of blocks of ${blocks}`,
    ...(layers ? [`only ${layers.join(' ')}`] : []),
    ...(exclude ? [`without ${exclude.join(' ')}`] : []),
    ...(minimumParameters === undefined ? [] : [`from ${minimumParameters} weights on`]),
    ...(settings.keepDiagonal === true ? ['the diagonal kept'] : []),
    ...(settings.cutInputs === true ? ['inputs may be cut off'] : []),
  ].join(', ');
}

function perLayer<T>(
  option: T | Readonly<Record<string, T>>,
  isValue: (option: T | Readonly<Record<string, T>>) => option is T,
  text: (value: T) => string,
): string {
  if (isValue(option)) return text(option);
  const entries = Object.entries(option);
  if (entries.length > listed) return `${entries.length} kinds`;
  return entries.map(([pattern, value]) => `${pattern}=${text(value)}`).join(' ');
}

function isNumber(option: PruneSettings['rate']): option is number {
  return typeof option === 'number';
}

function isBlock(
  option: PruneSettings['block'],
): option is Extract<PruneSettings['block'], { rows: number }> {
  return typeof option.rows === 'number';
}
