import { instantiateText } from './instantiate-text.ts';

/** A loop of nothing but multiply-adds, and how many of them one call does. */
export interface MultiplyAddPeak {
  readonly run: () => void;
  /** Scalar multiply-adds of one call. */
  readonly macs: number;
}

/** The text of one multiply-add of three `v128` operands: factors and addend. */
export type MultiplyAdd = (left: string, right: string, addend: string) => string;

/** Product and sum rounded one by one. */
export const strictMultiplyAdd: MultiplyAdd = (left, right, addend) =>
  `(f32x4.add (f32x4.mul ${left} ${right}) ${addend})`;

/** Rounded as the engine likes. */
export const relaxedMultiplyAdd: MultiplyAdd = (left, right, addend) =>
  `(f32x4.relaxed_madd ${left} ${right} ${addend})`;

/**
 * Chains that do not wait for each other: as many as there are registers of x86-64 beside `w` and the one that engines keep.
 * With fewer the loop is slower, since a product and its sum take eight cycles and a core starts up to three in two.
 */
const CHAINS = 14;

/** Copies of the body per turn of the loop. */
const UNROLL = 4;

/** Turns of the loop per call: a millisecond or two. */
const TURNS = 100_000;

/**
 * Builds the loop that the rate of a kernel is compared with: `a = w · a + w` in fourteen registers, no loads, no stores.
 *
 * Every product has a factor of its own, so that an engine cannot compute one for two sums; with `w = 1/2` the values tend to 1,
 * so that they stay finite and normal however long it runs.
 *
 * @param multiplyAdd - Rounded twice unless told otherwise
 */
export async function multiplyAddPeak(multiplyAdd = strictMultiplyAdd): Promise<MultiplyAddPeak> {
  const chains = Array.from({ length: CHAINS }, (_, chain) => `$a${chain}`);
  const body = chains.map(
    (chain) =>
      `(local.set ${chain} ${multiplyAdd(`(local.get ${chain})`, '(local.get $w)', '(local.get $w)')})`,
  );
  const text = `(module
    (func (export "run") (param $turns i32) (result f32)
      (local $w v128) ${chains.map((chain) => `(local ${chain} v128)`).join(' ')}
      (local.set $w (f32x4.splat (f32.const 0.5)))
      ${chains.map((chain, index) => `(local.set ${chain} (f32x4.splat (f32.const ${index + 1})))`).join(' ')}
      (loop $turn
        ${Array.from({ length: UNROLL }, () => body.join('\n        ')).join('\n        ')}
        (br_if $turn (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
      (f32x4.extract_lane 0 ${chains.map((chain) => `(local.get ${chain})`).reduce((sum, chain) => `(f32x4.add ${sum} ${chain})`)})))`;
  const run = (await instantiateText(text))['run'] as (turns: number) => number;
  return {
    run: () => {
      run(TURNS);
    },
    macs: TURNS * UNROLL * CHAINS * 4,
  };
}
