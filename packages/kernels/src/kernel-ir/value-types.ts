import type { FloatType, ValueType } from './types.ts';

/** What a type of values consists of. */
export interface ValueTypeFacts {
  /** 1 for scalars. */
  readonly lanes: 1 | 4 | 8;
  /** Bytes of a lane in memory. */
  readonly laneBytes: 2 | 4;
  /** Whether lanes are floats; others are signed integers. */
  readonly isFloat: boolean;
  /** The type of one lane; lanes of masks have none of their own. */
  readonly lane: 'f16' | 'f32' | 'i32';
}

/** Every type of values. */
export const valueTypes = {
  f16: { lanes: 1, laneBytes: 2, isFloat: true, lane: 'f16' },
  f16x8: { lanes: 8, laneBytes: 2, isFloat: true, lane: 'f16' },
  f32: { lanes: 1, laneBytes: 4, isFloat: true, lane: 'f32' },
  f32x4: { lanes: 4, laneBytes: 4, isFloat: true, lane: 'f32' },
  i16x8: { lanes: 8, laneBytes: 2, isFloat: false, lane: 'i32' },
  i32: { lanes: 1, laneBytes: 4, isFloat: false, lane: 'i32' },
  i32x4: { lanes: 4, laneBytes: 4, isFloat: false, lane: 'i32' },
} as const satisfies Record<ValueType, ValueTypeFacts>;

/** Whether values of a type have several lanes. */
export const isVector = (type: ValueType): boolean => valueTypes[type].lanes > 1;

/** Whether a type is one of floats. */
export const isFloat = (type: ValueType): type is FloatType => valueTypes[type].isFloat;

/** Bytes of one element of a load or a store of a type. */
export const elementBytes = ({ type, memory }: { type: ValueType; memory?: 'f16' | undefined }): 2 | 4 =>
  memory ? 2 : valueTypes[type].laneBytes;
