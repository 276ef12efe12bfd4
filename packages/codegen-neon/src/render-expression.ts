import type { BinaryOperation, Expression } from '@grim/kernels';

import type { NeonCapabilities } from './capabilities.ts';
import { identifier } from './identifier.ts';
import type { LaneOperands } from './lane-operands.ts';
import { floatLiteral, integerLiteral } from './literals.ts';
import {
  binaryText,
  bitcastText,
  comparisonText,
  constantShiftText,
  conversionText,
  loadFunction,
  maskText,
  unaryText,
} from './operators.ts';
import { shuffleText } from './shuffle-text.ts';

/** What the text of an expression depends on beside the expression. */
export interface RenderContext {
  readonly capabilities: NeonCapabilities;
  readonly lanes: LaneOperands;
}

type MultiplyAdd = Extract<Expression, { op: 'multiplyAdd' }>;

/** A factor of vectors that is one number: a lane of a vector, or a scalar. */
interface Factor {
  readonly suffix: 'lane' | 'laneq' | 'n';
  /** The last operands of an intrinsic with that suffix. */
  readonly operands: string;
}

function constant({ type, value }: Extract<Expression, { op: 'constant' }>): string {
  switch (type) {
    case 'i32':
      return integerLiteral(value);
    case 'f32':
      return floatLiteral(value);
    case 'f32x4':
      return `vdupq_n_f32(${floatLiteral(value)})`;
    case 'i32x4':
      return `vdupq_n_s32(${integerLiteral(value)})`;
  }
}

const isVector = ({ type }: Expression): boolean => type === 'f32x4' || type === 'i32x4';

/** Operations of scalars whose text stands in parentheses of its own. */
const callLike: ReadonlySet<BinaryOperation> = new Set(['max', 'min', 'shiftLeft', 'shiftRightUnsigned']);

/** Whether the text of an expression needs parentheses where it is an operand. */
function isCompound(expression: Expression): boolean {
  switch (expression.op) {
    case 'constant':
      return !isVector(expression) && (expression.value < 0 || Object.is(expression.value, -0));
    case 'binary':
      return !isVector(expression) && !callLike.has(expression.operation);
    case 'compare':
    case 'multiplyAdd':
      return !isVector(expression);
    case 'unary':
      return !isVector(expression) && expression.operation === 'neg';
    case 'select':
      return !isVector(expression.mask);
    case 'bitcast':
      return expression.type === expression.operand.type && isCompound(expression.operand);
    default:
      return false;
  }
}

/** The text of an operand of an infix operator. */
function renderOperand(expression: Expression, context: RenderContext): string {
  const text = renderExpression(expression, context);
  return isCompound(expression) ? `(${text})` : text;
}

/** The address of a memory access: the buffer's pointer plus bytes. */
export function renderAddress(
  buffer: string,
  address: Expression,
  offset: number,
  context: RenderContext,
): string {
  const isConstant = address.op === 'constant';
  const base = isConstant ? '' : ` + ${renderOperand(address, context)}`;
  const total = isConstant ? offset + address.value : offset;
  const constantPart = total === 0 ? '' : ` ${total < 0 ? '-' : '+'} ${String(Math.abs(total))}`;
  return `${identifier(buffer)}${base}${constantPart}`;
}

/** A vector operand that has one number in all lanes, as instructions take it from a lane. */
function factorOf(expression: Expression, context: RenderContext): Factor | undefined {
  if (expression.op === 'splat' && expression.type === 'f32x4') {
    return { suffix: 'n', operands: renderExpression(expression.operand, context) };
  }
  if (expression.op === 'loadSplat') {
    const { buffer, address, offset } = expression;
    return { suffix: 'n', operands: `grim_load_f32(${renderAddress(buffer, address, offset, context)})` };
  }
  if (expression.op !== 'read') return undefined;
  const operand = context.lanes.operands.get(expression.name);
  if (operand === undefined) return undefined;
  if (operand.kind === 'scalar') return { suffix: 'n', operands: identifier(expression.name) };
  return {
    suffix: operand.lanes === 4 ? 'laneq' : 'lane',
    operands: `${identifier(operand.vector)}, ${String(operand.lane)}`,
  };
}

/** A variable; one that is a lane or a scalar where a whole vector is needed is put into all lanes. */
function renderRead(expression: Extract<Expression, { op: 'read' }>, context: RenderContext): string {
  const factor = factorOf(expression, context);
  return factor ? `vdupq_${factor.suffix}_f32(${factor.operands})` : identifier(expression.name);
}

/** A multiply-add of scalars or vectors, rounded as the capabilities say; a factor in all lanes is taken from a lane. */
function renderMultiplyAdd(expression: MultiplyAdd, context: RenderContext): string {
  const { left, right, addend, type } = expression;
  const isFused = context.capabilities.multiplyAdd === 'fused';
  const render = (part: Expression): string => renderExpression(part, context);
  if (type === 'f32') {
    if (isFused) return `fmaf(${render(left)}, ${render(right)}, ${render(addend)})`;
    const operand = (part: Expression): string => renderOperand(part, context);
    return `${operand(left)} * ${operand(right)} + ${operand(addend)}`;
  }
  const rightFactor = factorOf(right, context);
  const factor = rightFactor ?? factorOf(left, context);
  const vector = render(rightFactor ? left : right);
  const suffix = factor ? `_${factor.suffix}` : '';
  const other = factor?.operands ?? render(left);
  // A product does not depend on the order of its factors, neither does one sum.
  if (isFused) return `vfmaq${suffix}_f32(${render(addend)}, ${vector}, ${other})`;
  return `vaddq_f32(vmulq${suffix}_f32(${vector}, ${other}), ${render(addend)})`;
}

/** The mask of a selection of vectors: a comparison as it comes, other values as unsigned lanes. */
function renderMask(mask: Expression, context: RenderContext): string {
  if (mask.op === 'compare') {
    const [left, right] = [mask.left, mask.right].map((part) => renderExpression(part, context));
    return maskText(mask.comparison, mask.left.type, left ?? '', right ?? '');
  }
  return `vreinterpretq_u32_s32(${renderExpression(mask, context)})`;
}

/** An expression as C text. */
export function renderExpression(expression: Expression, context: RenderContext): string {
  const render = (part: Expression): string => renderExpression(part, context);
  const operand = (part: Expression): string => renderOperand(part, context);
  const address = (access: Extract<Expression, { buffer: string }>): string =>
    renderAddress(access.buffer, access.address, access.offset, context);
  switch (expression.op) {
    case 'constant':
      return constant(expression);
    case 'read':
      return renderRead(expression, context);
    case 'unary': {
      const { operation, type } = expression;
      return unaryText(
        operation,
        type,
        operation === 'neg' ? operand(expression.operand) : render(expression.operand),
      );
    }
    case 'binary': {
      const { operation, type, left, right } = expression;
      if (!isVector(expression)) {
        const isCall = operation === 'max' || operation === 'min';
        const part = isCall ? render : operand;
        return binaryText(operation, type, part(left), part(right));
      }
      if (right.type === 'i32') {
        // Shift counts; the instruction with a constant has none of 0.
        const count = right.op === 'constant' ? right.value & 31 : 0;
        const text = count === 0 ? undefined : constantShiftText(operation, render(left), count);
        return text ?? binaryText(operation, type, render(left), `vdupq_n_s32(${render(right)})`);
      }
      return binaryText(operation, type, render(left), render(right));
    }
    case 'compare':
      return isVector(expression)
        ? `vreinterpretq_s32_u32(${renderMask(expression, context)})`
        : comparisonText(expression.comparison, operand(expression.left), operand(expression.right));
    case 'select': {
      const { mask, whenTrue, whenFalse, type } = expression;
      if (!isVector(mask)) return `${operand(mask)} ? ${operand(whenTrue)} : ${operand(whenFalse)}`;
      const suffix = type === 'f32x4' ? 'f32' : 's32';
      return `vbslq_${suffix}(${renderMask(mask, context)}, ${render(whenTrue)}, ${render(whenFalse)})`;
    }
    case 'multiplyAdd':
      return renderMultiplyAdd(expression, context);
    case 'splat':
      return `vdupq_n_${expression.type === 'f32x4' ? 'f32' : 's32'}(${render(expression.operand)})`;
    case 'lane':
      return `vgetq_lane_${expression.type === 'f32' ? 'f32' : 's32'}(${render(expression.operand)}, ${String(expression.lane)})`;
    case 'shuffle':
      return shuffleText(expression.lanes, render(expression.left), render(expression.right));
    case 'convert':
      return conversionText(expression.operand.type, expression.type, render(expression.operand));
    case 'bitcast':
      return bitcastText(expression.operand.type, expression.type, render(expression.operand));
    case 'load':
      return `${loadFunction(expression.type)}(${address(expression)})`;
    case 'loadSplat':
      return `grim_load_splat_f32x4(${address(expression)})`;
    case 'loadStrided':
      return `grim_load_strided${String(expression.lanes)}_f32x4(${address(expression)}, ${String(expression.stride)})`;
    case 'loadIndex16':
      return `grim_load_index16(${address(expression)})`;
  }
}
