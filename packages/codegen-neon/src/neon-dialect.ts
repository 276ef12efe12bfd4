import {
  commonWriters,
  compound,
  primary,
  renderExternal,
  renderScalarConstant,
  type Access,
  type Dialect,
  type ExpressionOf,
  type ExpressionWriters,
  type Parts,
  type Rendered,
  type StatementOf,
} from '@grim/codegen-c';
import { isFloat, isVector, type Expression } from '@grim/kernels';

import type { NeonCapabilities } from './capabilities.ts';
import type { LaneOperands } from './lane-operands.ts';
import {
  constantShiftText,
  loadFunction,
  maskText,
  memorySuffix,
  operators,
  storeFunction,
  suffixes,
  valueTypes,
} from './operators.ts';
import { shuffleText } from './shuffle-text.ts';

/** A factor of vectors that is one number: a lane of a vector, or a scalar. */
interface Factor {
  readonly suffix: 'lane' | 'laneq' | 'n';
  /** The last operands of an intrinsic with that suffix. */
  readonly operands: string;
  /** Where it is a lane: which one, and of which vector. */
  readonly lane?: number;
  readonly vector?: string;
}

/** A vector operand that has one number in all lanes, as instructions take it from a lane. */
function factorOf(
  expression: Expression,
  lanes: LaneOperands,
  { bare, pointer, identifier }: Parts,
): Factor | undefined {
  if (expression.op === 'splat' && expression.type !== 'i32x4') {
    return { suffix: 'n', operands: bare(expression.operand) };
  }
  if (expression.op === 'loadSplat') {
    const load = loadFunction(suffixes[expression.type], expression.memory);
    return { suffix: 'n', operands: `${load}(${pointer(expression)})` };
  }
  if (expression.op !== 'read') return undefined;
  const operand = lanes.operands.get(expression.name);
  if (operand === undefined) return undefined;
  if (operand.kind === 'scalar') return { suffix: 'n', operands: identifier(expression.name) };
  return {
    suffix: operand.isWhole ? 'laneq' : 'lane',
    operands: `${identifier(operand.vector)}, ${String(operand.lane)}`,
    vector: identifier(operand.vector),
    lane: operand.lane,
  };
}

/** A multiply-add of vectors, rounded once or twice; a factor in all lanes is taken from a lane. */
function renderMultiplyAdd(
  { type, left, right, addend }: ExpressionOf<'multiplyAdd'>,
  isFused: boolean,
  lanes: LaneOperands,
  parts: Parts,
): string {
  const { bare } = parts;
  const rightFactor = factorOf(right, lanes, parts);
  const factor = rightFactor ?? factorOf(left, lanes, parts);
  const vector = bare(rightFactor ? left : right);
  const suffix = `${factor ? `_${factor.suffix}` : ''}_${suffixes[type]}`;
  const other = factor?.operands ?? bare(left);
  // A product does not depend on the order of its factors, neither does one sum.
  if (isFused && type === 'f16x8' && factor?.lane !== undefined) {
    const name = `grim_fma_${factor.suffix}${String(factor.lane)}_f16`;
    return `${name}(${bare(addend)}, ${vector}, ${factor.vector ?? ''})`;
  }
  if (isFused) return `vfmaq${suffix}(${bare(addend)}, ${vector}, ${other})`;
  return `vaddq_${suffixes[type]}(vmulq${suffix}(${vector}, ${other}), ${bare(addend)})`;
}

/** The mask of a selection of vectors: a comparison as it comes, other values as unsigned lanes. */
function renderMask(mask: Expression, { bare }: Parts): string {
  if (mask.op === 'compare') {
    return maskText(mask.comparison, mask.left.type, bare(mask.left), bare(mask.right));
  }
  return `vreinterpretq_${mask.type === 'i16x8' ? 'u16_s16' : 'u32_s32'}(${bare(mask)})`;
}

const common = commonWriters(operators);

/** Writers of all expressions; multiply-adds are rounded as the capabilities say. */
function writers({ multiplyAdd }: NeonCapabilities, lanes: LaneOperands): ExpressionWriters {
  const isFused = multiplyAdd === 'fused';
  return {
    ...common,
    constant: ({ type, value }) => {
      const scalar = renderScalarConstant(isFloat(type) ? 'f32' : 'i32', value);
      const cast = suffixes[type] === 'f16' ? '(float16_t)' : '';
      if (isVector(type)) return primary(`vdupq_n_${suffixes[type]}(${cast}${scalar.text})`);
      return cast === '' ? scalar : compound(`${cast}${scalar.text}`);
    },
    // A variable; one that is a lane or a scalar where a whole vector is needed is put into all lanes.
    read: (expression, parts) => {
      const factor = factorOf(expression, lanes, parts);
      if (!factor) return common.read(expression, parts);
      return primary(`vdupq_${factor.suffix}_${suffixes[expression.type]}(${factor.operands})`);
    },
    binary: (expression, parts): Rendered => {
      const { operation, type, left, right } = expression;
      if (!isVector(type) || right.type !== 'i32') return common.binary(expression, parts);
      // Shift counts; the instruction with a constant has none of 0.
      const count = right.op === 'constant' ? right.value & 31 : 0;
      const text = count === 0 ? undefined : constantShiftText(operation, parts.bare(left), count);
      if (text !== undefined) return primary(text);
      return common.binary({ ...expression, right: { op: 'splat', type: 'i32x4', operand: right } }, parts);
    },
    compare: (expression, parts) =>
      isVector(expression.type)
        ? primary(
            `vreinterpretq_${expression.type === 'i16x8' ? 's16_u16' : 's32_u32'}(${renderMask(expression, parts)})`,
          )
        : common.compare(expression, parts),
    select: (expression, parts) => {
      const { mask, whenTrue, whenFalse, type } = expression;
      if (!isVector(mask.type)) return common.select(expression, parts);
      const operands = [renderMask(mask, parts), parts.bare(whenTrue), parts.bare(whenFalse)].join(', ');
      return primary(`vbslq_${suffixes[type]}(${operands})`);
    },
    multiplyAdd: (expression, parts) => {
      if (isVector(expression.type)) return primary(renderMultiplyAdd(expression, isFused, lanes, parts));
      const [left = '', right = '', addend = ''] = [expression.left, expression.right, expression.addend].map(
        parts.bare,
      );
      if (expression.type === 'f16') {
        return primary(
          isFused
            ? `vfmah_f16(${addend}, ${left}, ${right})`
            : `vaddh_f16(vmulh_f16(${left}, ${right}), ${addend})`,
        );
      }
      return isFused ? primary(`fmaf(${left}, ${right}, ${addend})`) : common.multiplyAdd(expression, parts);
    },
    splat: ({ type, operand }, { bare }) => primary(`vdupq_n_${suffixes[type]}(${bare(operand)})`),
    lane: ({ type, operand, lane }, { bare }) =>
      primary(`vgetq_lane_${suffixes[type]}(${bare(operand)}, ${String(lane)})`),
    shuffle: ({ type, lanes: order, left, right }, { bare }) =>
      primary(shuffleText(order, bare(left), bare(right), suffixes[type])),
    widen: ({ half, operand }, { bare }) =>
      primary(
        half === 'low'
          ? `vcvt_f32_f16(vget_low_f16(${bare(operand)}))`
          : `vcvt_high_f32_f16(${bare(operand)})`,
      ),
    narrow: ({ left, right }, { bare }) =>
      primary(`vcvt_high_f16_f32(vcvt_f16_f32(${bare(left)}), ${bare(right)})`),
    load: (expression, { pointer }) =>
      primary(`${loadFunction(expression.type, expression.memory)}(${pointer(expression)})`),
    loadSplat: (expression, { pointer }) =>
      primary(`grim_load_splat_${expression.type}${memorySuffix(expression.memory)}(${pointer(expression)})`),
    loadStrided: (expression, { pointer }) => {
      const { type, memory, lanes: count, stride } = expression;
      const name = `grim_load_strided${String(count)}_${type}${memorySuffix(memory)}`;
      return primary(`${name}(${pointer(expression)}, ${String(stride)})`);
    },
    loadIndex16: (expression, { pointer }) => primary(`grim_load_index16(${pointer(expression)})`),
  };
}

/** Lines of a declaration whose value is a lane of a vector, or a scalar; nothing for others. */
function renderLaneDeclaration(
  { name, value }: StatementOf<'declare'>,
  { operands, vectors }: LaneOperands,
  { identifier, pointer }: Parts,
): string[] | undefined {
  const operand = operands.get(name);
  const line = (type: string, variable: string, load: string, from: Access): string =>
    `const ${type} ${identifier(variable)} = ${load}(${pointer(from)});`;
  if (operand?.kind === 'scalar' && value.op === 'loadSplat') {
    const type = suffixes[value.type];
    return [line(valueTypes[type], name, loadFunction(type), value)];
  }
  if (operand?.kind !== 'lane') return undefined;
  const vector = vectors.get(name);
  if (vector === undefined) return [];
  const shape = `${suffixes[vector.load.type]}x${String(vector.lanes)}`;
  // Two halves lie in a vector of four.
  const type = shape === 'f16x2' ? 'f16x4' : shape;
  return [line(`float${type.slice(1)}_t`, vector.name, `grim_load_${shape}`, vector.load)];
}

/** How kernels are written in C with NEON intrinsics. */
export function neonDialect(capabilities: NeonCapabilities, lanes: LaneOperands): Dialect {
  return {
    valueTypes,
    expressions: writers(capabilities, lanes),
    store: (statement, { bare, pointer }) =>
      `${storeFunction(statement.value.type, statement.memory)}(${pointer(statement)}, ${bare(statement.value)})`,
    external: renderExternal,
    declare: (statement, parts) => renderLaneDeclaration(statement, lanes, parts),
  };
}
