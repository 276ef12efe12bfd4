import { expect, test } from 'vitest';
import { measureAblation } from '../src/suites/ablation/measure-ablation.ts';
import { summariseAblation } from '../src/suites/ablation/summarise-ablation.ts';
import { variantsOf } from '../src/suites/ablation/variants.ts';
import { makeLayer } from '../src/suites/layers/layer.ts';
import type { LayerShape } from '../src/suites/layers/layer-shape.ts';

const conv = { kind: 'conv', name: 'conv', inputs: 8, outputs: 16, kernel: 3, stride: 1, size: 7 } as const;
const linear = { kind: 'linear', name: 'linear', rows: 96, columns: 512 } as const;
const timing = { rounds: 1, roundMilliseconds: 1 };

test.each<LayerShape>([conv, linear])(
  'every part of a $kind layer is added once and left out once',
  (shape) => {
    const variants = Object.values(variantsOf(makeLayer('model', shape)) ?? {});
    const parts = ['tile', 'sharing', 'reorder'];
    expect(variants.flatMap(({ adds }) => adds ?? [])).toEqual(parts);
    expect(variants.flatMap(({ lacks }) => lacks ?? []).sort()).toEqual([...parts].sort());
  },
);

test.each<LayerShape>([conv, linear])(
  'the variants of a $kind layer compute the same, in different ways',
  async (shape) => {
    const rows = await measureAblation(makeLayer('model', shape), timing);
    expect(rows.map(({ variant }) => variant)).toEqual(
      Object.values(variantsOf(makeLayer('model', shape)) ?? {}).map(({ title }) => title),
    );
    expect(rows.filter(({ gain }) => gain !== null)).toHaveLength(3);
    expect(rows.filter(({ loss }) => loss !== null)).toHaveLength(3);
    // Shared lists: fewer bytes for the same weights.
    const bytes = rows.map((row) => Number(row['weight_bytes']));
    expect(bytes[3]).toBeLessThan(bytes[0] ?? 0);
  },
);

test('layers that are not pruned are not taken apart', async () => {
  expect(await measureAblation(makeLayer('model', { ...conv, inputs: 3 }), timing)).toEqual([]);
  expect(
    await measureAblation(makeLayer('model', { kind: 'gru', name: 'gru', inputs: 64, hidden: 64 }), timing),
  ).toEqual([]);
});

test('the summary has the means per model and part', () => {
  const row = { kind: 'gru-timit', adds: 'tile', lacks: 'sharing', loss: 3 };
  expect(
    summariseAblation([
      { ...row, gain: 2 },
      { ...row, gain: 8 },
      { ...row, adds: null, lacks: null, gain: null, loss: null },
    ]),
  ).toEqual({
    gru_timit_tile_gain: expect.closeTo(4, 9) as number,
    gru_timit_sharing_loss: expect.closeTo(3, 9) as number,
  });
});
