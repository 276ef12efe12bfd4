import { formatShape, GrimError, type Shape } from '@grim/ir';
import { reshapeValue, transposeValue } from '../evaluation/movement.ts';
import type { NodeContext } from '../evaluation/node-context.ts';
import { foldFloats } from '../folding/fold-elementwise.ts';
import { isFloat, type Constant, type FloatConstant, type Value } from '../value.ts';
import { combine } from './arithmetic.ts';
import type { OperatorImporter } from './operator-importer.ts';

function scalar(value: number): FloatConstant {
  return { kind: 'constant', type: 'float', shape: [], data: Float32Array.of(value) };
}

function requireFloat(constant: Constant, label: string): FloatConstant {
  if (!isFloat(constant)) throw new GrimError(`operand ${label} must be real numbers, got ${constant.type}`);
  return constant;
}

/** A constant `[K,M]` as the weights `[M,K]` of a linear layer; the name of the constant stays with them. */
function toWeights(node: NodeContext, constant: Constant, transposed: boolean): Constant {
  const weights = transposed ? constant : transposeValue(node, constant, [1, 0]);
  if (weights.kind !== 'constant') throw new TypeError('a constant was transposed to something else');
  return constant.name === undefined ? weights : { ...weights, name: constant.name };
}

/** Whether adding a constant of this shape to `[N,M]` adds the same row to every row. */
function isRow(shape: Shape, columns: number): boolean {
  return shape.length <= 2 && shape.at(-1) === columns && (shape.length < 2 || shape[0] === 1);
}

/** `Gemm`: `alpha · A' · B' + beta · C` with constant B. */
export const gemm: OperatorImporter = (node) => {
  const { attributes } = node;
  const alpha = attributes.float('alpha') ?? 1;
  const beta = attributes.float('beta') ?? 1;
  const transposeA = attributes.flag('transA', false);
  const transposeB = attributes.flag('transB', false);
  const given = node.operand(0, 'A');
  const b = requireFloat(node.constant(1, 'B'), 'B');
  const c = node.operands[2];
  if (given.shape.length !== 2 || b.shape.length !== 2) {
    throw new GrimError(
      `A and B must be matrices, got ${formatShape(given.shape)} and ${formatShape(b.shape)}`,
    );
  }
  const a = transposeA ? transposeValue(node, given, [1, 0], { part: 'transpose' }) : given;
  const unscaled = toWeights(node, b, transposeB);
  const weights = alpha === 1 ? unscaled : scale(node, requireFloat(unscaled, 'B'), alpha);
  const columns = weights.shape[0] ?? 0;
  if (!c) return [node.apply({ kind: 'linear' }, [a, weights, null])];
  if (c.kind === 'constant' && isRow(c.shape, columns)) {
    const row = requireFloat(c, 'C');
    const scaled = beta === 1 ? row : scale(node, row, beta);
    return [node.apply({ kind: 'linear' }, [a, weights, { ...scaled, shape: [columns] }])];
  }
  const product = node.apply({ kind: 'linear' }, [a, weights, null], { values: [] });
  const offset = beta === 1 ? c : combine(node, 'mul', c, scalar(beta), { part: 'scale' });
  const sum = combine(node, 'add', product, offset, { part: 'add', values: node.outputs });
  if (formatShape(sum.shape) !== formatShape(product.shape)) {
    throw new GrimError(
      `C ${formatShape(c.shape)} does not broadcast to the product ${formatShape(product.shape)}`,
    );
  }
  return [sum];
};

function scale(node: NodeContext, constant: FloatConstant, factor: number): FloatConstant {
  const { name } = constant;
  const scaled = foldFloats(constant, (value) => value * factor, node.budget);
  return name === undefined ? scaled : { ...scaled, name };
}

/** `MatMul` with a constant matrix on the right, or on the left of another matrix. */
export const matMul: OperatorImporter = (node) => {
  const a = node.operand(0, 'A');
  const b = node.operand(1, 'B');
  if (b.kind === 'constant') return [timesConstant(node, a, b)];
  if (a.kind === 'constant' && a.shape.length === 2 && b.shape.length === 2) {
    // (A·B)' = B'·A', and a linear layer transposes its weights.
    const transposed = transposeValue(node, b, [1, 0], { part: 'transposeB' });
    const product = node.apply({ kind: 'linear' }, [transposed, a, null], { values: [] });
    return [transposeValue(node, product, [1, 0], { part: 'transpose', values: node.outputs })];
  }
  throw new GrimError(`one factor must be a constant matrix, got ${describe(a)} and ${describe(b)}`);
};

function timesConstant(node: NodeContext, a: Value, b: Constant): Value {
  // A vector on the right is a matrix of one column that the result does not have.
  const vector = b.shape.length === 1;
  const leading = b.shape.slice(0, -2);
  if (
    b.shape.length === 0 ||
    leading.some((extent) => extent !== 1) ||
    leading.length > Math.max(0, a.shape.length - 2)
  ) {
    throw new GrimError(`one factor must be a constant matrix, got ${describe(a)} and ${describe(b)}`);
  }
  const matrix = { ...b, shape: vector ? [...b.shape, 1] : b.shape.slice(-2) };
  const weights = toWeights(node, matrix, false);
  if (!vector) return node.apply({ kind: 'linear' }, [a, weights, null]);
  const product = node.apply({ kind: 'linear' }, [a, weights, null], { values: [] });
  return reshapeValue(node, product, a.shape.slice(0, -1), { part: 'reshape', values: node.outputs });
}

function describe(value: Value): string {
  return `${value.kind === 'constant' ? 'constant' : value.name} ${formatShape(value.shape)}`;
}
