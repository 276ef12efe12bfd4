import { GrimError } from '../errors.ts';
import { formatShape, zeros, type Shape, type Tensor } from '../tensor.ts';
import { valueAt } from './elements.ts';
import { requireIntegers, requireOperand } from './operands.ts';
import type { OperatorDefinition } from './operator.ts';

/**
 * Cuts a signal into overlapping windows and folds each about its middle, so that filters symmetric about it need
 * half the multiply-adds.
 *
 * Operand: `x [N,1,L]`. Results, with K = `size` and F = ⌊(L − K) / stride⌋ + 1 windows `w`:
 * `even [N,K/2+1,F]`, `even[k] = w[k] + w[K−k]` except `even[0] = w[0]` and `even[K/2] = w[K/2]`;
 * `odd [N,K/2−1,F]`, `odd[k−1] = w[k] − w[K−k]` for k from 1 to K/2 − 1.
 */
export interface FoldWindowsOperator {
  readonly kind: 'foldWindows';
  /** Samples per window, even and at least 4. */
  readonly size: number;
  /** Samples from one window to the next. */
  readonly stride: number;
}

function inferShapes(op: FoldWindowsOperator, inputs: readonly (Shape | null)[]): Shape[] {
  requireIntegers([op.size], 1, 4, 'size');
  requireIntegers([op.stride], 1, 1, 'stride');
  if (op.size % 2 !== 0) throw new GrimError(`attribute size must be even, got ${op.size}`);
  const x = requireOperand(inputs, 0, 'x');
  const [batch = 0, channels = 0, length = 0] = x;
  if (x.length !== 3 || channels !== 1 || length < op.size) {
    throw new GrimError(
      `windows of ${op.size} samples need operand x [N,1,L] with L ≥ ${op.size}, got ${formatShape(x)}`,
    );
  }
  const frames = Math.floor((length - op.size) / op.stride) + 1;
  return [
    [batch, op.size / 2 + 1, frames],
    [batch, op.size / 2 - 1, frames],
  ];
}

function reference(op: FoldWindowsOperator, inputs: readonly (Tensor | null)[]): Tensor[] {
  const x = requireOperand(inputs, 0, 'x');
  const [evenShape = [], oddShape = []] = inferShapes(op, [x.shape]);
  const even = zeros(evenShape);
  const odd = zeros(oddShape);
  const [batch = 0, evenRows = 0, frames = 0] = evenShape;
  const length = valueAt(x.shape, 2);
  const middle = op.size / 2;
  for (let n = 0; n < batch; n++) {
    for (let frame = 0; frame < frames; frame++) {
      const sample = (k: number): number => valueAt(x.data, n * length + frame * op.stride + k);
      for (let k = 0; k <= middle; k++) {
        const alone = k === 0 || k === middle;
        even.data[(n * evenRows + k) * frames + frame] = alone ? sample(k) : sample(k) + sample(op.size - k);
        if (!alone) {
          odd.data[(n * (middle - 1) + k - 1) * frames + frame] = sample(k) - sample(op.size - k);
        }
      }
    }
  }
  return [even, odd];
}

/** Windows of a signal as sums and differences of samples that mirror each other. */
export const foldWindows: OperatorDefinition<FoldWindowsOperator> = {
  kind: 'foldWindows',
  operands: ['x'],
  results: ['even', 'odd'],
  inferShapes,
  reference,
  macs: () => 0,
  weightMatrices: () => [],
};
