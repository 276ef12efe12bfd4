import { holdsPointer, type Expression, type PointerVariables } from '@grim/kernels';

import {
  binaryInstruction,
  comparisonInstruction,
  conversionInstruction,
  loadInstruction,
  unaryInstruction,
} from './operators.ts';
import type { WasmCapabilities } from './capabilities.ts';

/** What the text of an expression depends on beside the expression. */
export interface RenderContext {
  readonly capabilities: WasmCapabilities;
  readonly pointers: PointerVariables;
}

/** A 32-bit float in WebAssembly text: exact hexadecimal is avoided where the shortest decimal reads back the same. */
function floatLiteral(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function constant(expression: Extract<Expression, { op: 'constant' }>): string {
  const { type, value } = expression;
  switch (type) {
    case 'i32':
      return `(i32.const ${String(value)})`;
    case 'f32':
      return `(f32.const ${floatLiteral(value)})`;
    case 'f32x4':
      return `(v128.const f32x4 ${Array.from({ length: 4 }, () => floatLiteral(value)).join(' ')})`;
    case 'i32x4':
      return `(v128.const i32x4 ${Array.from({ length: 4 }, () => String(value)).join(' ')})`;
    case 'f16':
    case 'f16x8':
    case 'i16x8':
      throw new TypeError(`WebAssembly has no constant of ${type}`);
  }
}

/** The address that a byte offset into a buffer stands for: the sum itself where it holds a pointer. */
export function renderPointer(buffer: string, offset: Expression, context: RenderContext): string {
  const text = renderExpression(offset, context);
  if (holdsPointer(offset, context.pointers)) return text;
  const base = `(local.get $${buffer})`;
  return offset.op === 'constant' && offset.value === 0 ? base : `(i32.add ${base} ${text})`;
}

/** The operand and offset of a memory access: buffer base + byte address, plus a constant folded into the instruction. */
export function renderAddress(
  buffer: string,
  address: Expression,
  offset: number,
  context: RenderContext,
): string {
  const isConstant = address.op === 'constant';
  const total = isConstant ? offset + address.value : offset;
  const base = isConstant ? `(local.get $${buffer})` : renderPointer(buffer, address, context);
  return `${total === 0 ? '' : `offset=${String(total)} `}${base}`;
}

/** In lane loads the offset stands before the lane number, the address after it. */
function laneAddress(address: string, lane: number): string {
  const offset = /^offset=\d+ /.exec(address)?.[0] ?? '';
  return `${offset}${String(lane)} ${address.slice(offset.length)}`;
}

/** An expression as one folded S-expression. */
export function renderExpression(expression: Expression, context: RenderContext): string {
  const { capabilities } = context;
  const render = (part: Expression): string => renderExpression(part, context);
  switch (expression.op) {
    case 'constant':
      return constant(expression);
    case 'read':
      return `(local.get $${expression.name})`;
    case 'unary':
      return `(${unaryInstruction(expression.operation, expression.type)} ${render(expression.operand)})`;
    case 'binary':
      return `(${binaryInstruction(expression.operation, expression.type)} ${render(expression.left)} ${render(expression.right)})`;
    case 'compare':
      return `(${comparisonInstruction(expression.comparison, expression.left.type)} ${render(expression.left)} ${render(expression.right)})`;
    case 'select': {
      const operands = `${render(expression.whenTrue)} ${render(expression.whenFalse)} ${render(expression.mask)}`;
      return expression.mask.type === 'i32x4' ? `(v128.bitselect ${operands})` : `(select ${operands})`;
    }
    case 'multiplyAdd': {
      if (capabilities.fusedMultiplyAdd === 'relaxed' && expression.type === 'f32x4') {
        return `(f32x4.relaxed_madd ${render(expression.left)} ${render(expression.right)} ${render(expression.addend)})`;
      }
      const product = `(${expression.type}.mul ${render(expression.left)} ${render(expression.right)})`;
      return `(${expression.type}.add ${product} ${render(expression.addend)})`;
    }
    case 'splat':
      return `(${expression.type}.splat ${render(expression.operand)})`;
    case 'lane': {
      const shape = expression.type === 'f32' ? 'f32x4' : 'i32x4';
      return `(${shape}.extract_lane ${String(expression.lane)} ${render(expression.operand)})`;
    }
    case 'shuffle': {
      const bytes = expression.lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
      return `(i8x16.shuffle ${bytes.join(' ')} ${render(expression.left)} ${render(expression.right)})`;
    }
    case 'convert':
      return `(${conversionInstruction(expression.operand, expression.type)} ${render(expression.operand)})`;
    case 'widen':
    case 'narrow':
      throw new TypeError(`WebAssembly cannot ${expression.op} halves`);
    case 'bitcast': {
      const operand = render(expression.operand);
      if (expression.type === 'f32') return `(f32.reinterpret_i32 ${operand})`;
      return expression.type === 'i32' ? `(i32.reinterpret_f32 ${operand})` : operand;
    }
    case 'load':
      return `(${loadInstruction(expression.type)} ${renderAddress(expression.buffer, expression.address, expression.offset, context)})`;
    case 'loadSplat':
      return `(v128.load32_splat ${renderAddress(expression.buffer, expression.address, expression.offset, context)})`;
    case 'loadStrided': {
      const at = (lane: number): string =>
        renderAddress(
          expression.buffer,
          expression.address,
          expression.offset + lane * expression.stride,
          context,
        );
      return [1, 2, 3]
        .slice(0, expression.lanes - 1)
        .reduce(
          (vector, lane) => `(v128.load32_lane ${laneAddress(at(lane), lane)} ${vector})`,
          `(v128.load32_zero ${at(0)})`,
        );
    }
    case 'loadIndex16':
      return `(i32.load16_u ${renderAddress(expression.buffer, expression.address, expression.offset, context)})`;
  }
}
