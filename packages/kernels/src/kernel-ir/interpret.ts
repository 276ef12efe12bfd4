import { fusedMultiplyAdd } from './fused-multiply-add.ts';
import { halfFromBits, halfToBits, roundToHalf } from './half.ts';
import type {
  BinaryOperation,
  Comparison,
  Expression,
  GridDimension,
  Kernel,
  Statement,
  UnaryOperation,
  ValueType,
} from './types.ts';
import { elementBytes, isFloat, isVector, valueTypes } from './value-types.ts';

/** A scalar, or lanes. Floats are kept rounded to their type, integers as signed 32 bits. */
type Value = number | readonly number[];

const scratch = new DataView(new ArrayBuffer(4));

function nearest(value: number): number {
  const floor = Math.floor(value);
  const difference = value - floor;
  if (difference !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

const unaryOperations = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  nearest,
  neg: (value) => -value,
  sqrt: Math.sqrt,
  trunc: Math.trunc,
} satisfies Record<UnaryOperation, (value: number) => number>;

const floatOperations: Partial<Record<BinaryOperation, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
};

const integerOperations: Partial<Record<BinaryOperation, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: Math.imul,
  min: Math.min,
  max: Math.max,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shiftLeft: (a, b) => a << b,
  shiftRight: (a, b) => a >> b,
  shiftRightUnsigned: (a, b) => a >>> b,
};

const comparisons = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
} satisfies Record<Comparison, (a: number, b: number) => boolean>;

function at(value: Value, index: number): number {
  return typeof value === 'number' ? value : (value[index] ?? NaN);
}

/** A value of `type` whose lanes are computed one by one. */
function perLane(type: ValueType, compute: (index: number) => number): Value {
  const { lanes } = valueTypes[type];
  if (lanes === 1) return compute(0);
  const values: number[] = [];
  for (let index = 0; index < lanes; index++) values.push(compute(index));
  return values;
}

/** Rounds to a type of floats; bits of integers above 32 are lost. */
function rounded(type: ValueType): (value: number) => number {
  if (!isFloat(type)) return (value) => value | 0;
  return valueTypes[type].lane === 'f16' ? roundToHalf : Math.fround;
}

function convertToInteger(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value)));
}

function bitcastLane(toFloat: boolean, value: number): number {
  if (toFloat) {
    scratch.setInt32(0, value);
    return scratch.getFloat32(0);
  }
  scratch.setFloat32(0, value);
  return scratch.getInt32(0);
}

/** Reads one lane of a type from memory, where floats may be halves. */
function readLane(type: ValueType, memory: 'f16' | undefined): (view: DataView, address: number) => number {
  if (!isFloat(type)) return (view, address) => view.getInt32(address, true);
  return (memory ?? valueTypes[type].lane === 'f16')
    ? (view, address) => halfFromBits(view.getUint16(address, true))
    : (view, address) => view.getFloat32(address, true);
}

/** What a buffer parameter points at: a byte of some memory. Reversed views reach to both sides of it. */
export interface BufferPointer {
  readonly memory: Uint8Array;
  /** Byte that address 0 of the buffer means. */
  readonly offset: number;
}

/** How a kernel is interpreted. */
export interface InterpreterOptions {
  /** Is told what happens. */
  readonly observer?: InterpreterObserver;
  /**
   * How `left · right + addend` is rounded: the product, then the sum (the default, strict mode), or once.
   */
  readonly multiplyAdd?: 'separate' | 'fused';
  /** The functions outside the kernel IR that the kernel calls, by name. */
  readonly externals?: Readonly<Record<string, ExternalFunction>>;
}

/** A function outside the kernel IR: is given a pointer per operand, `null` where there is none. */
export type ExternalFunction = (operands: readonly (BufferPointer | null)[]) => void;

/** Is told of everything that an interpreted kernel does. Addresses are bytes from the start of the buffer. */
export interface InterpreterObserver {
  /** An expression was evaluated, its operands before it. */
  readonly evaluated: (expression: Expression) => void;
  /** A value was named or assigned. */
  readonly set: (statement: Extract<Statement, { kind: 'declare' | 'assign' }>) => void;
  readonly loaded: (buffer: string, address: number, bytes: number) => void;
  readonly stored: (buffer: string, address: number, bytes: number) => void;
}

/**
 * Runs a kernel on the given buffers, one statement at a time: the meaning of the kernel IR, and the reference that
 * emitted code is compared with, bit for bit in strict mode.
 *
 * @param kernel - The kernel to run.
 * @param buffers - A pointer per buffer parameter; memory is written in place. Accesses outside it throw a `RangeError`.
 * @param options - Strict mode without an observer unless told otherwise.
 */
export function interpretKernel(
  kernel: Kernel,
  buffers: Readonly<Record<string, BufferPointer>>,
  options: InterpreterOptions = {},
): void {
  const { observer, multiplyAdd = 'separate', externals = {} } = options;
  const views = new Map<string, { view: DataView; base: number }>();
  const { dimensions = [], staged = [], scratch = [] } = kernel.grid ?? {};
  for (const { name, bytes } of scratch)
    views.set(name, { view: new DataView(new ArrayBuffer(bytes)), base: 0 });
  for (const { name } of kernel.buffers) {
    const pointer = buffers[name];
    if (!pointer) throw new RangeError(`kernel ${kernel.name}: no buffer named ${name}`);
    const { memory, offset } = pointer;
    views.set(name, {
      view: new DataView(memory.buffer, memory.byteOffset, memory.byteLength),
      base: offset,
    });
  }
  const place = (
    access: { buffer: string; address: Expression; offset: number },
    tell: 'loaded' | 'stored',
    bytes: number,
    pieces = 1,
    stride = 0,
  ): [DataView, number] => {
    const found = views.get(access.buffer);
    if (!found) throw new RangeError(`kernel ${kernel.name}: no buffer named ${access.buffer}`);
    const address = scalar(access.address) + access.offset;
    if (observer) {
      for (let piece = 0; piece < pieces; piece++) {
        observer[tell](access.buffer, address + piece * stride, bytes);
      }
    }
    return [found.view, found.base + address];
  };
  const variables = new Map<string, Value>();

  const scalar = (expression: Expression): number => at(evaluate(expression), 0);

  function evaluate(expression: Expression): Value {
    const value = valueOf(expression);
    observer?.evaluated(expression);
    return value;
  }

  function valueOf(expression: Expression): Value {
    const { type } = expression;
    switch (expression.op) {
      case 'constant':
        return perLane(type, () => expression.value);
      case 'read': {
        const value = variables.get(expression.name);
        if (value === undefined)
          throw new RangeError(`kernel ${kernel.name}: ${expression.name} has no value`);
        return value;
      }
      case 'unary': {
        const operand = evaluate(expression.operand);
        const round = rounded(type);
        return perLane(type, (i) => round(unaryOperations[expression.operation](at(operand, i))));
      }
      case 'binary': {
        const left = evaluate(expression.left);
        const right = evaluate(expression.right);
        const operation = (isFloat(type) ? floatOperations : integerOperations)[expression.operation];
        if (!operation || type === 'i16x8')
          throw new RangeError(`${expression.operation} is not defined for ${type}`);
        const round = rounded(type);
        return perLane(type, (i) => round(operation(at(left, i), at(right, i))));
      }
      case 'compare': {
        const left = evaluate(expression.left);
        const right = evaluate(expression.right);
        const yes = isVector(type) ? -1 : 1;
        return perLane(type, (i) =>
          comparisons[expression.comparison](at(left, i), at(right, i)) ? yes : 0,
        );
      }
      case 'select': {
        const mask = evaluate(expression.mask);
        const whenTrue = evaluate(expression.whenTrue);
        const whenFalse = evaluate(expression.whenFalse);
        return perLane(type, (i) => (at(mask, i) !== 0 ? at(whenTrue, i) : at(whenFalse, i)));
      }
      case 'multiplyAdd': {
        const left = evaluate(expression.left);
        const right = evaluate(expression.right);
        const addend = evaluate(expression.addend);
        const round = rounded(type);
        if (multiplyAdd === 'fused') {
          return perLane(type, (i) => round(fusedMultiplyAdd(at(left, i), at(right, i), at(addend, i))));
        }
        return perLane(type, (i) => round(round(at(left, i) * at(right, i)) + at(addend, i)));
      }
      case 'splat': {
        const operand = scalar(expression.operand);
        return perLane(type, () => operand);
      }
      case 'lane':
        return at(evaluate(expression.operand), expression.lane);
      case 'shuffle': {
        const left = evaluate(expression.left);
        const right = evaluate(expression.right);
        const { lanes } = valueTypes[type];
        return perLane(type, (i) => {
          const from = expression.lanes[i] ?? 0;
          return at(from < lanes ? left : right, from % lanes);
        });
      }
      case 'convert': {
        const operand = evaluate(expression.operand);
        const convert = isFloat(type) ? rounded(type) : convertToInteger;
        return perLane(type, (i) => convert(at(operand, i)));
      }
      case 'widen': {
        const operand = evaluate(expression.operand);
        const first = expression.half === 'low' ? 0 : 4;
        return perLane(type, (i) => at(operand, first + i));
      }
      case 'narrow': {
        const left = evaluate(expression.left);
        const right = evaluate(expression.right);
        return perLane(type, (i) => roundToHalf(i < 4 ? at(left, i) : at(right, i - 4)));
      }
      case 'bitcast': {
        if (valueTypes[type].laneBytes !== 4) throw new RangeError(`bits cannot be taken as ${type}`);
        const operand = evaluate(expression.operand);
        return perLane(type, (i) => bitcastLane(isFloat(type), at(operand, i)));
      }
      case 'load': {
        const { lanes } = valueTypes[type];
        const bytes = elementBytes(expression);
        const [buffer, address] = place(expression, 'loaded', lanes * bytes);
        const read = readLane(type, expression.memory);
        return perLane(type, (i) => read(buffer, address + bytes * i));
      }
      case 'loadSplat': {
        const [buffer, address] = place(expression, 'loaded', elementBytes(expression));
        const value = readLane(type, expression.memory)(buffer, address);
        return perLane(type, () => value);
      }
      case 'loadStrided': {
        const { lanes: pieces, stride } = expression;
        const [buffer, address] = place(expression, 'loaded', elementBytes(expression), pieces, stride);
        const read = readLane(type, expression.memory);
        return perLane(type, (i) => (i < pieces ? read(buffer, address + stride * i) : 0));
      }
      case 'loadIndex16': {
        const [buffer, address] = place(expression, 'loaded', 2);
        return buffer.getUint16(address, true);
      }
    }
  }

  function store(statement: Extract<Statement, { kind: 'store' }>): void {
    const { type } = statement.value;
    const { lanes, lane } = valueTypes[type];
    const bytes = elementBytes({ type, memory: statement.memory });
    const [buffer, address] = place(statement, 'stored', lanes * bytes);
    const value = evaluate(statement.value);
    for (let i = 0; i < lanes; i++) {
      if (!isFloat(type)) buffer.setInt32(address + bytes * i, at(value, i), true);
      else if (statement.memory ?? lane === 'f16') {
        buffer.setUint16(address + bytes * i, halfToBits(roundToHalf(at(value, i))), true);
      } else buffer.setFloat32(address + bytes * i, at(value, i), true);
    }
  }

  function execute(statements: readonly Statement[]): void {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'comment':
          break;
        case 'declare':
        case 'assign':
          variables.set(statement.name, evaluate(statement.value));
          observer?.set(statement);
          break;
        case 'store':
          store(statement);
          break;
        case 'loop': {
          const to = (): number => scalar(statement.to);
          for (let index = scalar(statement.from); index < to(); index += statement.step) {
            variables.set(statement.name, index);
            execute(statement.body);
          }
          break;
        }
        case 'if':
          execute(scalar(statement.condition) !== 0 ? statement.then : statement.otherwise);
          break;
        case 'external': {
          const external = externals[statement.function];
          if (!external)
            throw new RangeError(`kernel ${kernel.name}: no function named ${statement.function}`);
          external(
            statement.operands.map(({ buffer }) => (buffer === null ? null : (buffers[buffer] ?? null))),
          );
          break;
        }
      }
    }
  }

  /** Executes the body for every work-item, the last dimension outside. */
  function executeItems(left: readonly GridDimension[]): void {
    const dimension = left.at(-1);
    if (!dimension) {
      const origins = staged.map(({ buffer, origin }) => ({
        found: views.get(buffer),
        bytes: scalar(origin),
      }));
      for (const { found, bytes } of origins) if (found) found.base += bytes;
      execute(kernel.body);
      for (const { found, bytes } of origins) if (found) found.base -= bytes;
      return;
    }
    for (let item = 0; item < dimension.items; item++) {
      variables.set(dimension.index, item);
      variables.set(dimension.first, item - (item % dimension.groupItems));
      executeItems(left.slice(0, -1));
    }
  }

  executeItems(dimensions);
}
