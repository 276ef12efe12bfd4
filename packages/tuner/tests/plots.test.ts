import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMask, projectMagnitude } from '@grim/bcr';
import type { Graph } from '@grim/ir';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { maskPicture, runPrune, sensitivityPlot, tradeOffPlot } from '../src/index.ts';
import { graphModel } from './support/graph-model.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Elements and texts of an XML document; anything that is not well-formed fails. */
function parse(document: string): { readonly elements: Element[]; readonly texts: string[] } {
  const elements: Element[] = [];
  const texts: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes }));
  parser.on('text', (text) => {
    if (text.trim() !== '') texts.push(text);
  });
  parser.write(document).close();
  return { elements, texts };
}

const nasty = 'a<b>&"c"\u0000\ufffe\ud800]]>';
const shown = 'a<b>&"c"\\x00\ufffd\ufffd]]>';

const costs = { seconds: 1, bytes: 1, macs: 1 };
const sensitivity = {
  error: 'energy',
  weights: ['one:w', nasty].map((name, index) => ({
    weights: [name],
    rows: 4,
    columns: 4,
    block: { rows: 4, columns: 4 },
    dense: costs,
    points: [2, 4].map((rate) => ({ ...costs, rate, error: (rate + index) / 10 })),
    refused: [],
  })),
} as const;

describe('charts', () => {
  test('sensitivity: a line per weight, names as they are', async () => {
    const { elements, texts } = parse(await sensitivityPlot(sensitivity));
    expect(elements[0]).toMatchObject({ name: 'svg', attributes: { xmlns: 'http://www.w3.org/2000/svg' } });
    expect(texts).toEqual(expect.arrayContaining(['one:w', shown, '2', '4', 'energy pruned (share)']));
    // One legend: what colours and shapes mean is said once.
    expect(texts.filter((text) => text === 'one:w')).toHaveLength(1);
    const colours = new Set(elements.map(({ attributes }) => attributes['stroke']));
    expect(colours).toContain('#3b82f6');
    expect(colours).toContain('#e2592b');
  });

  test('a trade-off: series, labels of points, nothing that hides a page of any colour', async () => {
    const svg = await tradeOffPlot({
      title: 'Accuracy against latency',
      x: 'latency (ms)',
      y: 'accuracy',
      points: [
        { series: 'ADMM', x: 1, y: 0.9, label: '10x' },
        { series: 'ADMM', x: 2, y: 0.95, label: '5x' },
        { series: nasty, x: 2, y: 0.8 },
      ],
    });
    const { elements, texts } = parse(svg);
    expect(texts).toEqual(
      expect.arrayContaining([
        'Accuracy against latency',
        'latency (ms)',
        'accuracy',
        'ADMM',
        shown,
        '10x',
        '5x',
      ]),
    );
    expect(texts.filter((text) => text === 'ADMM')).toHaveLength(1);
    const inks = elements.filter(({ name }) => name === 'text').map(({ attributes }) => attributes['fill']);
    expect(new Set(inks)).toEqual(new Set(['#7a7a7a']));
    expect(elements.filter(({ name }) => name === 'rect')).toEqual([]);
  });
});

/** Area of each shade of a picture, in cells. */
function shadedCells(svg: string, cell: number): Map<string, number> {
  const areas = new Map<string, number>();
  for (const { attributes } of parse(svg).elements) {
    const opacity = attributes['fill-opacity'];
    if (opacity === undefined) continue;
    const area = [...(attributes['d'] ?? '').matchAll(/h(\d+)v(\d+)/g)].reduce(
      (sum, [, width, height]) => sum + Number(width) * Number(height),
      0,
    );
    areas.set(opacity, (areas.get(opacity) ?? 0) + area / cell ** 2);
  }
  return areas;
}

describe('maskPicture', () => {
  const pruned = (rows: number, columns: number, block: { rows: number; columns: number }): Float32Array => {
    const values = Float32Array.from({ length: rows * columns }, (_, index) => Math.sin(index * index) + 2);
    const grid = { blockRows: block.rows, blockColumns: block.columns };
    return applyMask(
      { rows, columns, values },
      projectMagnitude({ rows, columns, values }, grid, { rate: 4 }),
    ).values;
  };

  test('a small matrix: every kept cell once, and the lines of its blocks', () => {
    const block = { rows: 4, columns: 16 };
    const values = pruned(20, 40, block);
    const svg = maskPicture({ name: nasty, rows: 20, columns: 40, values, block });
    expect(shadedCells(svg, 12)).toEqual(new Map([['1', values.filter((value) => value !== 0).length]]));
    const { elements, texts } = parse(svg);
    expect(texts[0]).toBe(`${shown}: 20x40 in blocks of 4x16, 4.00x`);
    const outline = elements.find(({ attributes }) => attributes['fill'] === 'none')?.attributes['d'] ?? '';
    // Four lines between five block rows, two between three block columns, and the border.
    expect(outline.match(/M/g)).toHaveLength(7);
  });

  test('a large matrix: shades of the share kept, and no lines where they would hide them', () => {
    const block = { rows: 4, columns: 16 };
    const values = pruned(1024, 768, block);
    const svg = maskPicture({ name: 'large', rows: 1024, columns: 768, values, block });
    const { elements, texts } = parse(svg);
    expect(texts).toContain('Each cell stands for 4x2 weights; the shade is the share kept.');
    // 4 rows of a block keep the same columns: none, one or two of the two columns of a cell.
    const areas = shadedCells(svg, 1);
    expect([...areas.keys()].sort()).toEqual(['0.5', '1']);
    expect((areas.get('0.5') ?? 0) * 4 + (areas.get('1') ?? 0) * 8).toBe((1024 * 768) / 4);
    const outline = elements.find(({ attributes }) => attributes['fill'] === 'none')?.attributes['d'] ?? '';
    // Between 48 block columns of 8 pixels, but not between block rows of one; and the border.
    expect(outline.match(/M/g)).toHaveLength(48);
    expect(svg.length).toBeLessThan(1_000_000);
  });
});

describe('grim prune --plots', () => {
  const graph: Graph = {
    name: 'layer',
    inputs: [{ name: 'x', shape: [1, 32] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([
      [
        'w',
        {
          shape: [32, 32],
          data: Float32Array.from({ length: 1024 }, (_, index) => Math.sin(index * index) + 1e-4),
        },
      ],
    ]),
    nodes: [{ name: '../layer', op: { kind: 'linear' }, inputs: ['x', 'w', null], outputs: ['y'] }],
  };

  test('writes well-formed pictures under safe names', async () => {
    const folder = temporaryFolder();
    const model = join(folder, 'model.grim');
    writeFileSync(model, graphModel(graph));
    const plots = join(folder, 'plots');
    const options = {
      model,
      output: join(folder, 'pruned.grim'),
      method: 'magnitude',
      split: 'columns',
      block: { rows: 8, columns: 16 },
      plots,
    } as const;
    await runPrune({ ...options, rate: 4 });
    expect(readdirSync(plots)).toEqual(['mask-__layer_weights.svg']);
    await runPrune({ ...options, target: { of: 'size', atMost: 0.5, isShare: true } });
    const files = readdirSync(plots);
    expect(files).toEqual(['mask-__layer_weights.svg', 'sensitivity.svg', 'trade-off.svg']);
    for (const file of files)
      expect(parse(readFileSync(join(plots, file), 'utf8')).elements[0]?.name).toBe('svg');
    const nowhere = join(folder, 'no/where');
    const output = join(folder, 'other.grim');
    await expect(runPrune({ ...options, rate: 4, output, plots: nowhere })).rejects.toThrow(
      /no does not exist/,
    );
    expect(existsSync(output)).toBe(false);
  });
});
