import type { ShuffledLanes } from '@grim/kernels';

/** Orders of lanes that are one instruction of two vectors of `lanes` lanes: where lane `index` comes from. */
const instructions: Readonly<Record<string, (index: number, lanes: number) => number>> = {
  vuzp1q: (index) => 2 * index,
  vuzp2q: (index) => 2 * index + 1,
  vzip1q: (index, lanes) => (index % 2) * lanes + Math.floor(index / 2),
  vzip2q: (index, lanes) => (index % 2) * lanes + Math.floor((lanes + index) / 2),
  vtrn1q: (index, lanes) => (index % 2) * (lanes - 1) + index,
  vtrn2q: (index, lanes) => (index % 2) * (lanes - 1) + index + 1,
};

/**
 * Lanes of two vectors in any order. Orders that have an instruction take it; any other is made of copies of single lanes.
 *
 * @param order - As in the kernel IR: as many as a vector has lanes.
 * @param left - Text of the first vector, without side effects.
 * @param right - Text of the second vector, without side effects.
 * @param suffix - Of intrinsics of such vectors.
 */
export function shuffleText(
  order: ShuffledLanes,
  left: string,
  right: string,
  suffix: 'f16' | 'f32',
): string {
  const lanes = order.length;
  // With the same vector on both sides, its lanes count from 0 on either.
  const place = (lane: number): number => (left === right ? lane % lanes : lane);
  const vectorOf = (lane: number): string => (lane < lanes ? left : right);
  const laneText = (lane: number): string => `${vectorOf(lane)}, ${String(lane % lanes)}`;
  const isOrder = (from: (index: number, lanes: number) => number): boolean =>
    order.every((lane, index) => place(lane) === place(from(index, lanes)));
  const [first = 0] = order;
  if (isOrder(() => first)) return `vdupq_laneq_${suffix}(${laneText(first)})`;
  if (isOrder((index) => index)) return left;
  if (isOrder((index) => lanes + index)) return right;
  if (isOrder((index) => lanes - 1 - index)) {
    return `vrev64q_${suffix}(vextq_${suffix}(${left}, ${left}, ${String(lanes / 2)}))`;
  }
  const found = Object.entries(instructions).find(([, from]) => isOrder(from));
  if (found) return `${found[0]}_${suffix}(${left}, ${right})`;
  if (order.every((lane, index) => lane === first + index)) {
    return `vextq_${suffix}(${left}, ${right}, ${String(first)})`;
  }
  return order
    .slice(1)
    .reduce(
      (vector, lane, index) =>
        suffix === 'f32'
          ? `vcopyq_laneq_f32(${vector}, ${String(index + 1)}, ${laneText(lane)})`
          : `vsetq_lane_f16(vgetq_lane_f16(${laneText(lane)}), ${vector}, ${String(index + 1)})`,
      `vdupq_laneq_${suffix}(${laneText(first)})`,
    );
}
