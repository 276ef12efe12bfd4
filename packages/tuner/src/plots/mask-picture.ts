import { ink, lines, palette } from './colours.ts';
import { plotText } from './plot-text.ts';

/** A pruned weight matrix. */
export interface PrunedMatrix {
  /** What it is called. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** `rows × columns`, row-major, zero where it was pruned. */
  readonly values: Float32Array;
  readonly block: { readonly rows: number; readonly columns: number };
}

/** The most cells of a picture: larger matrices are drawn by the share that is kept. */
const most = { rows: 256, columns: 384 } as const;

/** About as wide as a picture is, in pixels. */
const wishedWidth = 640;

/** Shades of the share that is kept. */
const shades = 8;

/** Blocks are outlined where their lines are at least so many pixels apart. */
const leastBlock = 5;

/** Pixels above the matrix, for its name, and those of a letter of it. */
const header = 22;
const letter = 7;

/**
 * Draws which cells of a weight matrix are kept, and its blocks. Where a matrix has more rows or columns than a picture, each cell
 * stands for several, and its shade for how many of them are kept.
 *
 * @returns Text of an SVG document.
 */
export function maskPicture({ name, rows, columns, values, block }: PrunedMatrix): string {
  const [tall, wide] = [Math.ceil(rows / most.rows), Math.ceil(columns / most.columns)];
  const [height, width] = [Math.ceil(rows / tall), Math.ceil(columns / wide)];
  const cell = Math.min(12, Math.max(1, Math.floor(wishedWidth / width)));
  const levels = shadesOf({ rows, columns, values }, tall, wide);
  const pixels = (count: number, binned: number): number => Math.round((count / binned) * cell * 100) / 100;
  const [pictureWidth, pictureHeight] = [pixels(columns, wide), pixels(rows, tall)];
  const kept = values.reduce((sum, value) => (value === 0 ? sum : sum + 1), 0);
  const caption = `${name}: ${rows}x${columns} in blocks of ${block.rows}x${block.columns}, ${(values.length / Math.max(1, kept)).toFixed(2)}x`;
  const scale =
    tall * wide > 1
      ? `Each cell stands for ${tall}x${wide} weights; the shade is the share kept.`
      : 'Filled cells are kept.';
  const paths = Array.from({ length: shades }, (_, shade) => {
    const path = rectangles(levels, height, width, shade + 1)
      .map(([x, y, w, h]) => `M${x * cell} ${y * cell}h${w * cell}v${h * cell}h${-w * cell}z`)
      .join('');
    return path === '' ? '' : `<path fill-opacity="${(shade + 1) / shades}" d="${path}"/>`;
  });
  const grid = [
    ...edges(rows, block.rows, pixels(block.rows, tall)).map(
      (row) => `M0 ${pixels(row, tall)}h${pictureWidth}`,
    ),
    ...edges(columns, block.columns, pixels(block.columns, wide)).map(
      (column) => `M${pixels(column, wide)} 0v${pictureHeight}`,
    ),
  ].join('');
  const total = {
    width: Math.max(caption.length * letter, pictureWidth) + 2,
    height: pictureHeight + header + 2,
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${total.width}" height="${total.height}" viewBox="0 0 ${total.width} ${total.height}" role="img">`,
    `<title>${escaped(caption)}</title>`,
    `<desc>${scale}</desc>`,
    `<text x="1" y="14" font-family="system-ui, sans-serif" font-size="12" fill="${ink}">${escaped(caption)}</text>`,
    `<g transform="translate(1 ${header + 1})">`,
    `<g fill="${palette[0] ?? ink}" shape-rendering="crispEdges">${paths.join('')}</g>`,
    `<path fill="none" stroke="${lines}" stroke-width="0.5" d="${grid}M0 0h${pictureWidth}v${pictureHeight}h${-pictureWidth}z"/>`,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Shades by cell of the picture, 0 where nothing is kept. */
function shadesOf(
  { rows, columns, values }: Pick<PrunedMatrix, 'columns' | 'rows' | 'values'>,
  tall: number,
  wide: number,
): Uint8Array {
  const [height, width] = [Math.ceil(rows / tall), Math.ceil(columns / wide)];
  const counts = new Float64Array(height * width);
  for (let row = 0; row < rows; row++) {
    const start = Math.floor(row / tall) * width;
    for (let column = 0; column < columns; column++) {
      if (values[row * columns + column] === 0) continue;
      const at = start + Math.floor(column / wide);
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  return Uint8Array.from(counts, (count, at) => {
    const cellRows = Math.min(tall, rows - Math.floor(at / width) * tall);
    const cellColumns = Math.min(wide, columns - (at % width) * wide);
    return Math.ceil((count / (cellRows * cellColumns)) * shades);
  });
}

type Rectangle = readonly [x: number, y: number, width: number, height: number];

/** Covers the cells of one shade: runs of a row, and down as far as the same run goes on. */
function rectangles(levels: Uint8Array, height: number, width: number, shade: number): Rectangle[] {
  const done: Rectangle[] = [];
  let open = new Map<string, Rectangle>();
  for (let row = 0; row <= height; row++) {
    const next = new Map<string, Rectangle>();
    for (let first = 0; row < height && first < width;) {
      if (levels[row * width + first] !== shade) {
        first++;
        continue;
      }
      let end = first + 1;
      while (end < width && levels[row * width + end] === shade) end++;
      const key = `${first} ${end}`;
      const [, top, , above] = open.get(key) ?? [first, row, 0, 0];
      next.set(key, [first, top, end - first, above + 1]);
      open.delete(key);
      first = end;
    }
    done.push(...open.values());
    open = next;
  }
  return done;
}

/** Where blocks end inside a matrix; nothing where lines would hide what is between them. */
function edges(extent: number, block: number, pixels: number): number[] {
  if (pixels < leastBlock) return [];
  return Array.from({ length: Math.ceil(extent / block) - 1 }, (_, index) => (index + 1) * block);
}

/** Text of an XML element: what has a meaning there is written as a reference. */
function escaped(text: string): string {
  return plotText(text).replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
