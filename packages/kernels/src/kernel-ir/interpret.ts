import type { BinaryOperation, Comparison, Expression, Kernel, Statement, UnaryOperation } from './types.ts';

/** A scalar, or four lanes. Floats are kept rounded to 32 bits, integers as signed 32 bits. */
type Value = number | readonly [number, number, number, number];

const lanes = [0, 1, 2, 3] as const;
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

function at(value: Value, index: 0 | 1 | 2 | 3): number {
  return typeof value === 'number' ? value : value[index];
}

function perLane(vector: boolean, compute: (index: 0 | 1 | 2 | 3) => number): Value {
  return vector ? [compute(0), compute(1), compute(2), compute(3)] : compute(0);
}

const isFloat = (type: Expression['type']): boolean => type === 'f32' || type === 'f32x4';
const isVector = (type: Expression['type']): boolean => type === 'f32x4' || type === 'i32x4';

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

/** What a buffer parameter points at: a byte of some memory. Reversed views reach to both sides of it. */
export interface BufferPointer {
  readonly memory: Uint8Array;
  /** Byte that address 0 of the buffer means. */
  readonly offset: number;
}

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
 * @param observer - Is told what happens.
 */
export function interpretKernel(
  kernel: Kernel,
  buffers: Readonly<Record<string, BufferPointer>>,
  observer?: InterpreterObserver,
): void {
  const views = new Map<string, { view: DataView; base: number }>();
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
    const vector = isVector(expression.type);
    switch (expression.op) {
      case 'constant':
        return perLane(vector, () => expression.value);
      case 'read': {
        const value = variables.get(expression.name);
        if (value === undefined)
          throw new RangeError(`kernel ${kernel.name}: ${expression.name} has no value`);
        return value;
      }
      case 'unary': {
        const operand = evaluate(expression.operand);
        return perLane(vector, (i) => Math.fround(unaryOperations[expression.operation](at(operand, i))));
      }
      case 'binary': {
        const left = evaluate(expression.left);
        const right = evaluate(expression.right);
        const floating = isFloat(expression.type);
        const operation = (floating ? floatOperations : integerOperations)[expression.operation];
        if (!operation) throw new RangeError(`${expression.operation} is not defined for ${expression.type}`);
        return perLane(vector, (i) => {
          const result = operation(at(left, i), at(right, i));
          return floating ? Math.fround(result) : result | 0;
        });
      }
      case 'compare': {
        const left = evaluate(expression.left);
        const right = evaluate(expression.right);
        const yes = vector ? -1 : 1;
        return perLane(vector, (i) =>
          comparisons[expression.comparison](at(left, i), at(right, i)) ? yes : 0,
        );
      }
      case 'select': {
        const mask = evaluate(expression.mask);
        const whenTrue = evaluate(expression.whenTrue);
        const whenFalse = evaluate(expression.whenFalse);
        return perLane(vector, (i) => (at(mask, i) !== 0 ? at(whenTrue, i) : at(whenFalse, i)));
      }
      case 'multiplyAdd': {
        const left = evaluate(expression.left);
        const right = evaluate(expression.right);
        const addend = evaluate(expression.addend);
        return perLane(vector, (i) => Math.fround(Math.fround(at(left, i) * at(right, i)) + at(addend, i)));
      }
      case 'splat': {
        const operand = scalar(expression.operand);
        return [operand, operand, operand, operand];
      }
      case 'lane':
        return at(evaluate(expression.operand), expression.lane);
      case 'shuffle': {
        const left = evaluate(expression.left);
        const right = evaluate(expression.right);
        return perLane(true, (i) => {
          const from = expression.lanes[i];
          return at(from < 4 ? left : right, lanes[from % 4] ?? 0);
        });
      }
      case 'convert': {
        const operand = evaluate(expression.operand);
        const floating = isFloat(expression.type);
        return perLane(vector, (i) =>
          floating ? Math.fround(at(operand, i)) : convertToInteger(at(operand, i)),
        );
      }
      case 'bitcast': {
        const operand = evaluate(expression.operand);
        const floating = isFloat(expression.type);
        return perLane(vector, (i) => bitcastLane(floating, at(operand, i)));
      }
      case 'load': {
        const [buffer, address] = place(expression, 'loaded', vector ? 16 : 4);
        const floating = isFloat(expression.type);
        return perLane(vector, (i) =>
          floating ? buffer.getFloat32(address + 4 * i, true) : buffer.getInt32(address + 4 * i, true),
        );
      }
      case 'loadSplat': {
        const [buffer, address] = place(expression, 'loaded', 4);
        const value = buffer.getFloat32(address, true);
        return [value, value, value, value];
      }
      case 'loadStrided': {
        const { lanes: pieces, stride } = expression;
        const [buffer, address] = place(expression, 'loaded', 4, pieces, stride);
        return perLane(true, (i) =>
          i < expression.lanes ? buffer.getFloat32(address + expression.stride * i, true) : 0,
        );
      }
      case 'loadIndex16': {
        const [buffer, address] = place(expression, 'loaded', 2);
        return buffer.getUint16(address, true);
      }
    }
  }

  function store(statement: Extract<Statement, { kind: 'store' }>): void {
    const [buffer, address] = place(statement, 'stored', isVector(statement.value.type) ? 16 : 4);
    const value = evaluate(statement.value);
    const floating = isFloat(statement.value.type);
    for (const i of isVector(statement.value.type) ? lanes : ([0] as const)) {
      if (floating) buffer.setFloat32(address + 4 * i, at(value, i), true);
      else buffer.setInt32(address + 4 * i, at(value, i), true);
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
      }
    }
  }

  execute(kernel.body);
}
