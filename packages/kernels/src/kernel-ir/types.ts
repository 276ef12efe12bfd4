/**
 * The kernel IR: what every kernel family lowers to and every renderer prints.
 *
 * A kernel is a function over byte buffers. Expressions are trees without side effects; statements declare and assign
 * named values, store to buffers, loop and branch. Addresses are byte offsets into a named buffer, so that a renderer
 * can make them linear-memory addresses (WebAssembly), pointer arithmetic (C) or indices (OpenCL). Vectors have four
 * 32-bit lanes, the width that WebAssembly SIMD and NEON share.
 */

/** Types of values: scalars, and vectors of four lanes. */
export type ValueType = 'f32' | 'f32x4' | 'i32' | 'i32x4';

/** Operators of one operand; the result has the operand's type. */
export type UnaryOperation = 'abs' | 'ceil' | 'floor' | 'nearest' | 'neg' | 'sqrt' | 'trunc';

/**
 * Operators of two operands of one type.
 *
 * `min` and `max` propagate NaN. Integer arithmetic wraps. `shiftRight` keeps the sign; `shiftRightUnsigned` does not.
 * Shifts of vectors take an `i32` count.
 */
export type BinaryOperation =
  | 'add'
  | 'and'
  | 'div'
  | 'max'
  | 'min'
  | 'mul'
  | 'or'
  | 'shiftLeft'
  | 'shiftRight'
  | 'shiftRightUnsigned'
  | 'sub'
  | 'xor';

/** Comparisons. Of scalars they give `i32` 0 or 1, of vectors an `i32x4` of 0 or −1 per lane. Ordered: false for NaN. */
export type Comparison = 'eq' | 'ge' | 'gt' | 'le' | 'lt' | 'ne';

/** A lane of two vectors: 0 to 3 of the first, 4 to 7 of the second. */
export type ShuffledLane = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Where each lane of a shuffled vector comes from. */
export type ShuffledLanes = readonly [ShuffledLane, ShuffledLane, ShuffledLane, ShuffledLane];

/** A value without side effects. */
export type Expression =
  | { readonly op: 'constant'; readonly type: ValueType; readonly value: number }
  | { readonly op: 'read'; readonly type: ValueType; readonly name: string }
  | {
      readonly op: 'unary';
      readonly type: ValueType;
      readonly operation: UnaryOperation;
      readonly operand: Expression;
    }
  | {
      readonly op: 'binary';
      readonly type: ValueType;
      readonly operation: BinaryOperation;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly op: 'compare';
      readonly type: 'i32' | 'i32x4';
      readonly comparison: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** `mask ? whenTrue : whenFalse`, per lane for vectors (the mask's lanes are 0 or −1). */
  | {
      readonly op: 'select';
      readonly type: ValueType;
      readonly mask: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  /** `left · right + addend`. Rounded twice in strict mode; a target with a fused form may round once. */
  | {
      readonly op: 'multiplyAdd';
      readonly type: 'f32' | 'f32x4';
      readonly left: Expression;
      readonly right: Expression;
      readonly addend: Expression;
    }
  /** The scalar in every lane. */
  | { readonly op: 'splat'; readonly type: 'f32x4' | 'i32x4'; readonly operand: Expression }
  /** One lane of a vector. */
  | {
      readonly op: 'lane';
      readonly type: 'f32' | 'i32';
      readonly operand: Expression;
      readonly lane: 0 | 1 | 2 | 3;
    }
  /** Lane `i` is lane `lanes[i]` of the eight that `left` and `right` have together. */
  | {
      readonly op: 'shuffle';
      readonly type: 'f32x4';
      readonly left: Expression;
      readonly right: Expression;
      readonly lanes: ShuffledLanes;
    }
  /** Truncation to integer (saturating; NaN gives 0) or conversion to float, by `type`. */
  | { readonly op: 'convert'; readonly type: ValueType; readonly operand: Expression }
  /** The same bits as another type of the same width. */
  | { readonly op: 'bitcast'; readonly type: ValueType; readonly operand: Expression }
  /** A scalar or four consecutive elements; the address needs no alignment beyond the element's. */
  | {
      readonly op: 'load';
      readonly type: ValueType;
      readonly buffer: string;
      readonly address: Expression;
      readonly offset: number;
    }
  /** One float in every lane. */
  | {
      readonly op: 'loadSplat';
      readonly type: 'f32x4';
      readonly buffer: string;
      readonly address: Expression;
      readonly offset: number;
    }
  /** `lanes` floats, each `stride` bytes after the one before; zero in the lanes after them. */
  | {
      readonly op: 'loadStrided';
      readonly type: 'f32x4';
      readonly buffer: string;
      readonly address: Expression;
      readonly offset: number;
      readonly stride: number;
      readonly lanes: number;
    }
  /** An unsigned integer of 16 bits, widened. */
  | {
      readonly op: 'loadIndex16';
      readonly type: 'i32';
      readonly buffer: string;
      readonly address: Expression;
      readonly offset: number;
    };

/** Functions that are computed by a series; all others are made of them. */
export type TranscendentalFunction = 'exp' | 'log';

/** A step of a kernel. */
export type Statement =
  | { readonly kind: 'comment'; readonly text: string }
  /**
   * Introduces a name; `mutable` names may be assigned later. `transcendental` says that the value is the result of that
   * function, so that its evaluations can be counted.
   */
  | {
      readonly kind: 'declare';
      readonly name: string;
      readonly type: ValueType;
      readonly mutable: boolean;
      readonly value: Expression;
      readonly transcendental?: TranscendentalFunction;
    }
  | { readonly kind: 'assign'; readonly name: string; readonly type: ValueType; readonly value: Expression }
  /** Stores a scalar, or four consecutive lanes. */
  | {
      readonly kind: 'store';
      readonly buffer: string;
      readonly address: Expression;
      readonly offset: number;
      readonly value: Expression;
    }
  /**
   * `for (name = from; name < to; name += step)` over non-negative `i32`; `step` is a positive constant.
   * `nonEmpty` promises that the body runs at least once, so no check is needed before it.
   */
  | {
      readonly kind: 'loop';
      readonly name: string;
      readonly from: Expression;
      readonly to: Expression;
      readonly step: number;
      readonly nonEmpty: boolean;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    };

/** A byte buffer that a kernel is given. */
export interface BufferParameter {
  readonly name: string;
  readonly access: 'read' | 'write' | 'readwrite';
}

/** A complete kernel. */
export interface Kernel {
  /** States family, shape and schedule; unique per distinct code. */
  readonly name: string;
  /** One line for the reader of the emitted text. */
  readonly summary: string;
  readonly buffers: readonly BufferParameter[];
  readonly body: readonly Statement[];
}
