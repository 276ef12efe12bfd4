import { canCountInstructions } from '@grim/tools/count-instructions';
import { describe, expect, it, test } from 'vitest';
import { armCompilers } from '../src/suites/arm/arm-compilers.ts';
import { armLayers } from '../src/suites/arm/arm-layers.ts';
import { countLayer } from '../src/suites/arm/count-layer.ts';
import { describePruning } from '../src/suites/arm/describe-pruning.ts';
import { estimateCycles } from '../src/suites/arm/estimate-cycles.ts';
import { innerLoop } from '../src/suites/arm/inner-loop.ts';
import { summariseArm } from '../src/suites/arm/summarise-arm.ts';
import { withoutSmallest } from '../src/suites/arm/xnnpack/without-smallest.ts';

const loopText = `
kernel:
.LBB0_1:
	fmla	v0.4s, v1.4s, v2.s[0]
	ldr	q1, [x0], #16
.LBB0_2:                                // inner
	fmla	v0.4s, v1.4s, v2.s[0]
	.loc	1 2
	fmla	v3.4s, v1.4s, v2.s[1]
	subs	x1, x1, #1
	b.ne	.LBB0_2
	cbnz	x2, .LBB0_1
	b	.LBB0_3
.LBB0_3:
	ret
`;

test('the loop with most multiply-adds is found, without what is around it', () => {
  const loop = innerLoop(loopText);
  expect(loop?.multiplyAdds).toBe(8);
  expect(loop?.lines.map((line) => line.trim().split(/\s/)[0])).toEqual(['fmla', 'fmla', 'subs', 'b.ne']);
  expect(innerLoop('kernel:\n\tret\n')).toBeUndefined();
});

test('cycles are those of the slowest chain of a loop', (context) => {
  const cycles = estimateCycles(
    ['\tfmla\tv0.4s, v1.4s, v2.4s', '\tfmla\tv0.4s, v1.4s, v3.4s'],
    'neoverse-n1',
  );
  if (cycles === undefined) return context.skip();
  // Each waits four cycles for the sum of the one before it.
  expect(cycles).toBeCloseTo(8, 1);
});

test('of weights with zeros anywhere the largest are left', () => {
  const values = Float32Array.of(0.1, -0.9, 0.3, -0.2, 0.8, 0, 0.4, -0.5);
  const weight = { input: 1, tensorShape: [2, 4], matrix: { rows: 2, columns: 4, values }, uses: 1 };
  expect([...withoutSmallest(weight, 4).matrix.values].filter((value) => value !== 0)).toEqual([
    Math.fround(-0.9),
    Math.fround(0.8),
  ]);
});

test('the summary has the worst compiler, and compares with both uses of the other library', () => {
  const pruned = armLayers.find(({ key }) => key === 'spmm_insn_per_mac');
  const row = {
    side: 'GRIM',
    layer: pruned?.shape.name ?? '',
    pruning: describePruning(pruned?.pruning),
    floats: 'f32',
  };
  const other = { ...row, side: 'XNNPACK, sparse' };
  expect(
    summariseArm([
      { ...row, per_mac: 0.3 },
      { ...row, per_mac: 0.4 },
      { ...row, floats: 'f16', per_mac: 0.25 },
      { ...row, pruning: 'dense', per_mac: 0.9 },
      { ...other, pruning: 'zeros anywhere, 10×', per_mac: 0.8 },
      { ...other, per_mac: 0.5 },
    ]),
  ).toEqual({
    spmm_insn_per_mac: 0.4,
    spmm_fp16_insn_per_mac: 0.25,
    spmm_vs_xnnpack_sparse_insn: 0.5,
    spmm_vs_xnnpack_same_weights_insn: 0.8,
  });
});

describe.skipIf(armCompilers().length === 0 || !canCountInstructions())('a small layer', () => {
  const shape = { kind: 'linear', name: 'small', rows: 64, columns: 96 } as const;
  const pruning = { blockRows: 32, blockColumns: 48, rowRate: 2, columnRate: 4 };

  it('is counted for every compiler, the same in every run', async () => {
    const rows = await countLayer({ shape, pruning }, armCompilers());
    expect(rows.map(({ compiler }) => compiler)).toEqual(armCompilers().map(({ name }) => name));
    for (const row of rows) {
      expect(row['macs']).toBe((64 * 96) / 8);
      // Four multiply-adds are one instruction at best.
      expect(row['per_mac']).toBeGreaterThan(0.25);
      expect(row['per_mac']).toBeLessThan(4);
    }
    expect(await countLayer({ shape, pruning }, armCompilers())).toEqual(rows);
  });
});

test('limits of the code: pruned layers need no more instructions than this', async (context) => {
  const compilers = armCompilers();
  if (compilers.length === 0 || !canCountInstructions()) return context.skip();
  const limits: Readonly<Record<string, number>> = {
    spmm_insn_per_mac: 0.4,
    spmm_fp16_insn_per_mac: 0.24,
    spmv_insn_per_mac: 0.55,
  };
  for (const layer of armLayers.filter(({ key }) => key !== undefined && key in limits)) {
    for (const { per_mac, compiler } of await countLayer(layer, compilers)) {
      expect(per_mac, `${layer.key ?? ''} by ${String(compiler)}`).toBeLessThanOrEqual(
        limits[layer.key ?? ''] ?? 0,
      );
    }
  }
}, 300_000);
