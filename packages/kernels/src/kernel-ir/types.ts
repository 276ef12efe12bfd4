/**
 * The kernel IR: what every kernel family lowers to and every renderer prints.
 *
 * A kernel is a function over byte buffers. Expressions are trees without side effects; statements declare and assign
 * named values, store to buffers, loop and branch. Addresses are byte offsets into a named buffer, so that a renderer
 * can make them linear-memory addresses (WebAssembly), pointer arithmetic (C) or indices (OpenCL). Vectors have 128 bits, the
 * width that WebAssembly SIMD and NEON share.
 *
 * Halves are 16-bit floats. Kernels either compute with them (`f16`, `f16x8`), which a target may not be able to, or have them in
 * memory only: loads of `f32` and `f32x4` can widen halves, and stores of them can narrow.
 */

/** Types of floats in memory. */
export type ElementType = 'f16' | 'f32';

/** Types of float values. */
export type FloatType = 'f16' | 'f16x8' | 'f32' | 'f32x4';

/** Types of values: scalars, and vectors of 128 bits. An `i16x8` is what comparing two `f16x8` gives, and of use in `select` only. */
export type ValueType = FloatType | 'i16x8' | 'i32' | 'i32x4';

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

/** Comparisons. Of scalars they give `i32` 0 or 1, of vectors integers as wide as their lanes, 0 or −1. Ordered: false for NaN. */
export type Comparison = 'eq' | 'ge' | 'gt' | 'le' | 'lt' | 'ne';

/** Where each lane of a shuffled vector comes from: the lanes of the first vector count from 0, those of the second follow. */
export type ShuffledLanes = readonly number[];

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
      readonly type: 'i16x8' | 'i32' | 'i32x4';
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
      readonly type: FloatType;
      readonly left: Expression;
      readonly right: Expression;
      readonly addend: Expression;
    }
  /** The scalar in every lane. */
  | { readonly op: 'splat'; readonly type: 'f16x8' | 'f32x4' | 'i32x4'; readonly operand: Expression }
  /** One lane of a vector. */
  | {
      readonly op: 'lane';
      readonly type: 'f16' | 'f32' | 'i32';
      readonly operand: Expression;
      readonly lane: number;
    }
  /** Lane `i` is lane `lanes[i]` of those that `left` and `right` have together. */
  | {
      readonly op: 'shuffle';
      readonly type: 'f16x8' | 'f32x4';
      readonly left: Expression;
      readonly right: Expression;
      readonly lanes: ShuffledLanes;
    }
  /** Truncation to integer (saturating; NaN gives 0), or conversion to float or between scalar floats, by `type`. */
  | { readonly op: 'convert'; readonly type: ValueType; readonly operand: Expression }
  /** The first or the last four of eight halves, exactly. */
  | {
      readonly op: 'widen';
      readonly type: 'f32x4';
      readonly half: 'low' | 'high';
      readonly operand: Expression;
    }
  /** Eight floats rounded to halves: the lanes of `left`, then those of `right`. */
  | { readonly op: 'narrow'; readonly type: 'f16x8'; readonly left: Expression; readonly right: Expression }
  /** The same bits as another type of the same width, with lanes of 32 bits. */
  | { readonly op: 'bitcast'; readonly type: ValueType; readonly operand: Expression }
  /** A scalar or consecutive elements, one per lane; the address needs no alignment beyond the element's. */
  | {
      readonly op: 'load';
      readonly type: ValueType;
      /** Halves, which are widened; of `f32` and `f32x4` only. */
      readonly memory?: 'f16';
      readonly buffer: string;
      readonly address: Expression;
      readonly offset: number;
    }
  /** One float in every lane. */
  | {
      readonly op: 'loadSplat';
      readonly type: 'f16x8' | 'f32x4';
      /** A half, which is widened; of `f32x4` only. */
      readonly memory?: 'f16';
      readonly buffer: string;
      readonly address: Expression;
      readonly offset: number;
    }
  /** `lanes` floats, each `stride` bytes after the one before; zero in the lanes after them. */
  | {
      readonly op: 'loadStrided';
      readonly type: 'f16x8' | 'f32x4';
      /** Halves, which are widened; of `f32x4` only. */
      readonly memory?: 'f16';
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

/**
 * What an operand of a function outside the kernel IR points to: floats that it reads, floats that it writes, the shapes of all of
 * them (`grim_shape`), numbers (doubles).
 */
export type ExternalRole = 'input' | 'output' | 'shapes' | 'attributes';

/** An operand of a function outside the kernel IR: a buffer, or null for none. */
export interface ExternalOperand {
  readonly role: ExternalRole;
  readonly buffer: string | null;
}

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
  /** Stores a scalar, or consecutive lanes. */
  | {
      readonly kind: 'store';
      /** As halves, to which floats are narrowed; of `f32` and `f32x4` only. */
      readonly memory?: 'f16';
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
    }
  /** Calls a function that is not made here, but by whoever links the code: an operator of a user's own. */
  | { readonly kind: 'external'; readonly function: string; readonly operands: readonly ExternalOperand[] };

/** A byte buffer that a kernel is given. */
export interface BufferParameter {
  readonly name: string;
  readonly access: 'read' | 'write' | 'readwrite';
  /** Bytes that a buffer without contents before and after the kernel needs; absent where there are contents. */
  readonly scratchBytes?: number;
}

/** Work-items along one dimension of a grid. */
export interface GridDimension {
  /** The shared loop whose turns they divide. */
  readonly name: string;
  /** The `i32` that bodies read the number of the work-item from. */
  readonly index: string;
  /** The `i32` that bodies read the number of the first work-item of the work-group from. */
  readonly first: string;
  readonly items: number;
  /** Work-items of one work-group. */
  readonly groupItems: number;
}

/** A buffer that a work-group copies into memory of its own before it computes. */
export interface StagedBuffer {
  readonly buffer: string;
  /** Byte that address 0 of the body means; the same for all work-items of a group. */
  readonly origin: Expression;
  /** Bytes from there on that the group reads, as far as there are so many. */
  readonly bytes: number;
  /** Bytes of the buffer from its address 0 on. */
  readonly available: number;
}

/** How work-items execute a kernel: its body once for each, in any order. */
export interface Grid {
  /** At most three; the first varies fastest among neighbouring work-items. */
  readonly dimensions: readonly GridDimension[];
  readonly staged: readonly StagedBuffer[];
  /** Buffers that are read as images. */
  readonly images: readonly string[];
  /** Buffers without contents; every work-item has its own. */
  readonly scratch: readonly ScratchBuffer[];
}

/** Memory that holds nothing before and after a kernel. */
export interface ScratchBuffer {
  readonly name: string;
  readonly bytes: number;
  /** Whether it is a work-item's own memory or a part of its work-group's. */
  readonly placement: 'local' | 'private';
}

/** A complete kernel. */
export interface Kernel {
  /** States family, shape and schedule; unique per distinct code. */
  readonly name: string;
  /** One line for the reader of the emitted text. */
  readonly summary: string;
  readonly buffers: readonly BufferParameter[];
  readonly body: readonly Statement[];
  /** Work-items that share the kernel; absent where one caller executes all of it. */
  readonly grid?: Grid;
}
