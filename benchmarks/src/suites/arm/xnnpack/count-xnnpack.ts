import { countInstructions } from '@grim/tools/count-instructions';
import type { Row } from '../../../results/benchmark-result.ts';
import { describeShape, outputSize, type ConvShape } from '../../layers/layer-shape.ts';
import { usefulMacs, type Layer, type LayerWeight } from '../../layers/layer.ts';
import { requireAgreement } from '../../layers/require-agreement.ts';
import type { XnnpackProgram } from './xnnpack-program.ts';

/** A 1×1 convolution for XNNPACK. */
export interface XnnpackCase {
  readonly shape: ConvShape;
  readonly layer: Layer;
  readonly weights: readonly LayerWeight[];
  /** Which operator: that for sparse weights, or the dense one. */
  readonly operator: 'sparse' | 'dense';
  /** Which weights are zero. */
  readonly pruning: string;
}

/** What the driver reads: six integers, the weights and the image. */
function driverInput({ shape, layer, weights, operator }: XnnpackCase, runs: number): Uint8Array {
  const [height, width] = outputSize(shape);
  const head = [operator === 'sparse' ? 1 : 0, shape.outputs, shape.inputs, height, width, runs];
  const values = [weights[0]?.matrix.values ?? [], layer.inputs[0]?.values ?? []];
  return Buffer.concat(
    [Int32Array.from(head), ...values.map((list) => Float32Array.from(list))].map(bytesOf),
  );
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * Counts what one run of an operator of XNNPACK executes.
 *
 * @param expected - Values of the output.
 * @throws Error when it computes something else.
 */
export function countXnnpack(
  { program, libraries }: XnnpackProgram,
  operand: XnnpackCase,
  expected: Float32Array,
): Row {
  const run = (runs: number): { total: number; output: Uint8Array } => {
    const { instructions, output } = countInstructions({
      program,
      input: driverInput(operand, runs),
      processor: 'cortex-a76',
      libraries,
    });
    return { total: [...instructions.values()].reduce((sum, count) => sum + count, 0), output };
  };
  const [once, twice] = [run(1), run(2)];
  requireAgreement(`XNNPACK, ${operand.operator}`, new Float32Array(once.output.buffer), expected);
  const instructions = twice.total - once.total;
  const macs = usefulMacs(operand.weights);
  return {
    side: `XNNPACK, ${operand.operator}`,
    layer: operand.shape.name,
    shape: describeShape(operand.shape),
    pruning: operand.pruning,
    floats: 'f32',
    compiler: 'as Debian builds it',
    macs,
    instructions,
    per_mac: instructions / macs,
    a55_macs_per_cycle: null,
    n1_macs_per_cycle: null,
    m1_macs_per_cycle: null,
  };
}
