import {
  commonWriters,
  compound,
  floatLiteral,
  integerLiteral,
  primary,
  renderScalarConstant,
  type Access,
  type Dialect,
  type ExpressionOf,
  type ExpressionWriters,
  type Parts,
  type Rendered,
} from '@grim/codegen-c';
import { GrimError } from '@grim/ir';
import { isVector, valueTypes, type Expression, type Statement, type ValueType } from '@grim/kernels';

import type { OpenclCapabilities } from './capabilities.ts';
import { operators, typeNames } from './operators.ts';
import { reservedWords } from './reserved-words.ts';

/** Where a buffer is: an address space, or an image. */
export type BufferSpace = 'global' | 'image' | 'local' | 'private';

/** The places of the buffers of a kernel. */
export type SpaceOf = (buffer: string) => BufferSpace;

/** What is loaded or stored: a type of values, perhaps halves in memory. */
interface Cell {
  readonly type: ValueType;
  readonly memory?: 'f16' | undefined;
}

/** The name of a lane: a hexadecimal digit. */
const laneName = (lane: number): string => lane.toString(16);

/** Lanes of an operand: `(float4)(a).x` would be read as a vector of a lane. */
const laneText = (operand: Expression, selected: readonly number[], { bare }: Parts): string => {
  const names = selected.map(laneName).join('');
  return operand.op === 'read' ? `${bare(operand)}.s${names}` : `(${bare(operand)}).s${names}`;
};

/** A pointer to elements at a place. */
const elementPointer = (space: string, element: string, at: string): string =>
  `(${space} ${element} *)(${at})`;

/** The same number in all lanes. */
const splatText = (type: ValueType, scalar: string): string => `(${typeNames[type]})(${scalar})`;

/** A scalar or a vector from an image, whose words are integers. */
function imageLoad({ type, memory }: Cell, access: Access, { pointer }: Parts): string {
  const { laneBytes, lane } = valueTypes[type];
  if (memory || laneBytes === 2)
    throw new GrimError(`${access.buffer} holds 16-bit floats: it cannot be an image`);
  // The image is the first operand; the text of its "pointer" is a byte in it.
  const words = `grim_image_i32${isVector(type) ? 'x4' : ''}(${access.buffer}_image, ${pointer(access)})`;
  return lane === 'i32' ? words : `as_${typeNames[type]}(${words})`;
}

/** A scalar or a vector from memory. Vectors need no more alignment than their elements. */
function loadOf(cell: Cell, access: Access, spaceOf: SpaceOf, parts: Parts): Rendered {
  const { type, memory } = cell;
  const space = spaceOf(access.buffer);
  if (space === 'image') return primary(imageLoad(cell, access, parts));
  const { lanes, lane } = valueTypes[type];
  const from = elementPointer(`${space} const`, memory ? 'half' : typeNames[lane], parts.pointer(access));
  if (memory) return primary(`vload_half${lanes === 1 ? '' : String(lanes)}(0, ${from})`);
  return lanes === 1 ? compound(`*${from}`) : primary(`vload${String(lanes)}(0, ${from})`);
}

function storeText(
  { value, memory, ...access }: Extract<Statement, { kind: 'store' }>,
  spaceOf: SpaceOf,
  { bare, pointer }: Parts,
): string {
  const { lanes, lane } = valueTypes[value.type];
  const to = elementPointer(spaceOf(access.buffer), memory ? 'half' : typeNames[lane], pointer(access));
  const count = lanes === 1 ? '' : String(lanes);
  if (memory) return `vstore_half${count}_rte(${bare(value)}, 0, ${to})`;
  return lanes === 1 ? `*${to} = ${bare(value)}` : `vstore${count}(${bare(value)}, 0, ${to})`;
}

/** Lanes of two vectors in any order. */
function shuffleText({ type, left, right, lanes: order }: ExpressionOf<'shuffle'>, parts: Parts): string {
  const { lanes } = valueTypes[type];
  const isSame = parts.bare(left) === parts.bare(right);
  if (isSame || order.every((lane) => lane < lanes)) {
    return laneText(
      left,
      order.map((lane) => lane % lanes),
      parts,
    );
  }
  const mask = `(${lanes === 8 ? 'ushort8' : 'uint4'})(${order.join(', ')})`;
  return `shuffle2(${parts.bare(left)}, ${parts.bare(right)}, ${mask})`;
}

/** A number, in every lane of a vector. */
function constantText({ type, value }: ExpressionOf<'constant'>): Rendered {
  const { lane, lanes } = valueTypes[type];
  if (lane === 'f16') {
    const half = `(half)${value < 0 || Object.is(value, -0) ? `(${floatLiteral(value)})` : floatLiteral(value)}`;
    return lanes === 1 ? compound(half) : primary(splatText(type, half));
  }
  if (lanes === 1) return renderScalarConstant(lane, value, 'INT_MIN');
  return primary(splatText(type, lane === 'f32' ? floatLiteral(value) : integerLiteral(value, 'INT_MIN')));
}

/** Writers of all expressions; multiply-adds are rounded as the capabilities say. */
function writers({ multiplyAdd }: OpenclCapabilities, spaceOf: SpaceOf): ExpressionWriters {
  const common = commonWriters(operators);
  return {
    ...common,
    constant: constantText,
    select: (expression, parts) => {
      const { mask, whenTrue, whenFalse } = expression;
      if (!isVector(mask.type)) return common.select(expression, parts);
      return primary(`select(${[whenFalse, whenTrue, mask].map(parts.bare).join(', ')})`);
    },
    multiplyAdd: (expression, parts) => {
      if (multiplyAdd === 'separate') return common.multiplyAdd(expression, parts);
      const { left, right, addend } = expression;
      return primary(`fma(${[left, right, addend].map(parts.bare).join(', ')})`);
    },
    splat: ({ type, operand }, { bare }) => primary(splatText(type, bare(operand))),
    lane: ({ operand, lane }, parts) => primary(laneText(operand, [lane], parts)),
    shuffle: (expression, parts) => primary(shuffleText(expression, parts)),
    widen: ({ half, operand }, { bare }) =>
      primary(`convert_float4((${bare(operand)}).${half === 'low' ? 'lo' : 'hi'})`),
    narrow: ({ left, right }, { bare }) =>
      primary(`convert_half8_rte((float8)(${bare(left)}, ${bare(right)}))`),
    load: (expression, parts) => loadOf(expression, expression, spaceOf, parts),
    loadSplat: (expression, parts) => {
      const { type, memory } = expression;
      const scalar = loadOf({ type: valueTypes[type].lane, memory }, expression, spaceOf, parts);
      return primary(splatText(type, scalar.text));
    },
    loadStrided: ({ type, memory, lanes: count, stride, ...access }, parts) => {
      const { lanes, lane } = valueTypes[type];
      const single = Array.from({ length: lanes }, (_, index) => {
        const place = { ...access, offset: access.offset + index * stride };
        return index < count ? loadOf({ type: lane, memory }, place, spaceOf, parts).text : '0';
      });
      return primary(splatText(type, single.join(', ')));
    },
    loadIndex16: (expression, parts) => {
      const space = spaceOf(expression.buffer);
      const at = parts.pointer(expression);
      if (space !== 'image') return compound(`(int)*${elementPointer(`${space} const`, 'ushort', at)}`);
      return compound(`(grim_image_i32(${expression.buffer}_image, ${at}) >> (((${at}) & 2) * 8)) & 0xffff`);
    },
  };
}

/** How kernels are written in OpenCL C 1.2. */
export function openclDialect(capabilities: OpenclCapabilities, spaceOf: SpaceOf): Dialect {
  return {
    reservedWords,
    valueTypes: typeNames,
    expressions: writers(capabilities, spaceOf),
    store: (statement, parts) => storeText(statement, spaceOf, parts),
  };
}
