import type { ShuffledLanes } from '@grim/kernels';

/** Orders of lanes that are one instruction of two vectors. */
const instructions: Readonly<Record<string, string>> = {
  '0246': 'vuzp1q_f32',
  '1357': 'vuzp2q_f32',
  '0415': 'vzip1q_f32',
  '2637': 'vzip2q_f32',
  '0426': 'vtrn1q_f32',
  '1537': 'vtrn2q_f32',
};

/**
 * Lanes of two vectors in any order. Orders that have an instruction take it; any other is made of copies of single lanes.
 *
 * @param left - Text of the vector with lanes 0 to 3, without side effects.
 * @param right - Text of the vector with lanes 4 to 7, without side effects.
 */
export function shuffleText(lanes: ShuffledLanes, left: string, right: string): string {
  // With the same vector on both sides, lanes 4 to 7 are lanes 0 to 3.
  const order = left === right ? lanes.map((lane) => lane % 4) : [...lanes];
  const key = order.join('');
  const [first = 0] = order;
  const vectorOf = (lane: number): string => (lane < 4 ? left : right);
  if (order.every((lane) => lane === first)) {
    return `vdupq_laneq_f32(${vectorOf(first)}, ${String(first % 4)})`;
  }
  if (key === '0123') return left;
  if (key === '4567') return right;
  if (key === '3210') return `vrev64q_f32(vextq_f32(${left}, ${left}, 2))`;
  const asPairs = instructions[lanes.join('')];
  if (asPairs !== undefined) return `${asPairs}(${left}, ${right})`;
  if (key === '0011') return `vzip1q_f32(${left}, ${left})`;
  if (key === '2233') return `vzip2q_f32(${left}, ${left})`;
  if (lanes.every((lane, index) => lane === lanes[0] + index)) {
    return `vextq_f32(${left}, ${right}, ${String(lanes[0])})`;
  }
  return order
    .slice(1)
    .reduce(
      (vector, lane, index) =>
        `vcopyq_laneq_f32(${vector}, ${String(index + 1)}, ${vectorOf(lane)}, ${String(lane % 4)})`,
      `vdupq_laneq_f32(${vectorOf(first)}, ${String(first % 4)})`,
    );
}
