import {
  commonWriters,
  compound,
  isVector,
  primary,
  renderScalarConstant,
  type Access,
  type Dialect,
  type ExpressionWriters,
  type Parts,
} from '@grim/codegen-c';
import type { Expression, ShuffledLane, ValueType } from '@grim/kernels';

import type { OpenclCapabilities } from './capabilities.ts';
import { operators, valueTypes } from './operators.ts';
import { reservedWords } from './reserved-words.ts';

/** Where a buffer is: an address space, or an image. */
export type BufferSpace = 'global' | 'image' | 'local' | 'private';

/** The places of the buffers of a kernel. */
export type SpaceOf = (buffer: string) => BufferSpace;

const lanes = ['x', 'y', 'z', 'w'] as const;

const elementOf = (type: ValueType): 'f32' | 'i32' => (type === 'f32' || type === 'f32x4' ? 'f32' : 'i32');

/** Lanes of an operand: `(float4)(a).x` would be read as a vector of a lane. */
const laneText = (operand: Expression, selected: string, { bare }: Parts): string =>
  operand.op === 'read' ? `${bare(operand)}.${selected}` : `(${bare(operand)}).${selected}`;

/** A scalar or a vector from memory. Vectors need no more alignment than their elements. */
function loadText(type: ValueType, access: Access, space: BufferSpace, { pointer }: Parts): string {
  const at = pointer(access);
  if (space === 'image') {
    const words = `grim_image_i32${isVector(type) ? 'x4' : ''}`;
    // The image is the first operand; the text of its "pointer" is a byte in it.
    const word = `${words}(${access.buffer}_image, ${at})`;
    return elementOf(type) === 'i32' ? word : `as_${valueTypes[type]}(${word})`;
  }
  const from = `(${space} const ${valueTypes[elementOf(type)]} *)(${at})`;
  return isVector(type) ? `vload4(0, ${from})` : `*${from}`;
}

/** Lanes of two vectors in any order. */
function shuffleText(
  order: readonly ShuffledLane[],
  left: Expression,
  right: Expression,
  parts: Parts,
): string {
  const sources = order.map((lane) => (lane < 4 ? left : right));
  const selected = order.map((lane) => lanes[lane % 4] ?? 'x');
  const texts = sources.map((source) => parts.bare(source));
  const [first] = sources;
  if (first && texts.every((text) => text === texts[0])) return laneText(first, selected.join(''), parts);
  if (left.op === 'read' && right.op === 'read') {
    const single = sources.map((source, index) => laneText(source, selected[index] ?? 'x', parts));
    return `(float4)(${single.join(', ')})`;
  }
  return `shuffle2(${parts.bare(left)}, ${parts.bare(right)}, (uint4)(${order.join(', ')}))`;
}

/** Writers of all expressions; multiply-adds are rounded as the capabilities say. */
function writers({ multiplyAdd }: OpenclCapabilities, spaceOf: SpaceOf): ExpressionWriters {
  const common = commonWriters(operators);
  const load = (type: ValueType, access: Access, parts: Parts): string =>
    loadText(type, access, spaceOf(access.buffer), parts);
  return {
    ...common,
    constant: ({ type, value }) => {
      const scalar = renderScalarConstant(elementOf(type), value, 'INT_MIN');
      return isVector(type) ? primary(`(${valueTypes[type]})(${scalar.text})`) : scalar;
    },
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
    splat: ({ type, operand }, { bare }) => primary(`(${valueTypes[type]})(${bare(operand)})`),
    lane: ({ operand, lane }, parts) => primary(laneText(operand, lanes[lane], parts)),
    shuffle: ({ lanes: order, left, right }, parts) => primary(shuffleText(order, left, right, parts)),
    load: (expression, parts) => {
      const text = load(expression.type, expression, parts);
      return text.startsWith('*') ? compound(text) : primary(text);
    },
    loadSplat: (expression, parts) => primary(`(float4)(${load('f32', expression, parts)})`),
    loadStrided: ({ lanes: count, stride, ...access }, parts) => {
      const single = lanes.map((_, index) =>
        index < count ? load('f32', { ...access, offset: access.offset + index * stride }, parts) : '0.0f',
      );
      return primary(`(float4)(${single.join(', ')})`);
    },
    loadIndex16: (expression, parts) => {
      const space = spaceOf(expression.buffer);
      const at = parts.pointer(expression);
      if (space !== 'image') return compound(`(int)*(${space} const ushort *)(${at})`);
      const word = `grim_image_i32(${expression.buffer}_image, ${at})`;
      return compound(`(${word} >> (((${at}) & 2) * 8)) & 0xffff`);
    },
  };
}

/** How kernels are written in OpenCL C 1.2. */
export function openclDialect(capabilities: OpenclCapabilities, spaceOf: SpaceOf): Dialect {
  return {
    reservedWords,
    valueTypes,
    expressions: writers(capabilities, spaceOf),
    store: ({ value, ...access }, { bare, pointer }) => {
      const element = valueTypes[elementOf(value.type)];
      const to = `(${spaceOf(access.buffer)} ${element} *)(${pointer(access)})`;
      return isVector(value.type) ? `vstore4(${bare(value)}, 0, ${to})` : `*${to} = ${bare(value)}`;
    },
  };
}
