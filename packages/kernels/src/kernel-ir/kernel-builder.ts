import { integer } from './expressions.ts';
import type {
  BufferParameter,
  Expression,
  ExternalOperand,
  Kernel,
  Statement,
  TranscendentalFunction,
  ValueType,
} from './types.ts';

/** A name that can be read as an expression and, when mutable, assigned. */
export type Variable = Extract<Expression, { op: 'read' }>;

/** Bounds of a counting loop; constants may be given as numbers. */
export interface LoopBounds {
  readonly from?: Expression | number;
  readonly to: Expression | number;
  readonly step?: number;
}

const asExpression = (value: Expression | number): Expression =>
  typeof value === 'number' ? integer(value) : value;

/** Collects the statements of a kernel in order; loops and branches nest through callbacks. */
export class KernelBuilder {
  private statements: Statement[] = [];
  private readonly taken = new Map<string, number>();
  private readonly buffers: BufferParameter[] = [];

  /** Declares a buffer parameter and returns its name. */
  buffer(name: string, access: BufferParameter['access']): string {
    this.buffers.push({ name, access });
    return name;
  }

  /** Declares a buffer of that many bytes that holds nothing before and after the kernel, and returns its name. */
  scratch(name: string, bytes: number): string {
    this.buffers.push({ name, access: 'readwrite', scratchBytes: bytes });
    return name;
  }

  /** Appends statements made elsewhere; their names must not be those of this kernel. */
  append(statements: readonly Statement[]): void {
    this.statements.push(...statements);
  }

  /** A one-line remark for the reader of the emitted text. */
  comment(text: string): void {
    this.statements.push({ kind: 'comment', text });
  }

  /** Names a value that does not change. Values that are only read or constant need no name of their own. */
  declare(name: string, value: Expression): Expression {
    if (value.op === 'read' || value.op === 'constant') return value;
    return this.introduce(name, value, false);
  }

  /** Names the result of a function that is computed by a series. */
  declareTranscendental(name: string, transcendental: TranscendentalFunction, value: Expression): Expression {
    return this.introduce(name, value, false, transcendental);
  }

  /** Names a value that can be assigned. */
  variable(name: string, value: Expression): Variable {
    return this.introduce(name, value, true);
  }

  /** Replaces the value of a variable. One that is given its own value keeps it, without a statement. */
  assign(variable: Variable, value: Expression): void {
    if (value.op === 'read' && value.name === variable.name) return;
    this.statements.push({ kind: 'assign', name: variable.name, type: variable.type, value });
  }

  /** Stores a scalar or a vector at `buffer + address + offset` bytes, narrowed to halves when told so. */
  store(buffer: string, address: Expression, offset: number, value: Expression, memory?: 'f16'): void {
    this.statements.push({ kind: 'store', ...(memory && { memory }), buffer, address, offset, value });
  }

  /** Repeats `body` for `name = from, from + step, … < to`. A loop of one known turn is the body itself. */
  loop(name: string, bounds: LoopBounds, body: (index: Expression) => void): void {
    const from = asExpression(bounds.from ?? 0);
    const to = asExpression(bounds.to);
    const step = bounds.step ?? 1;
    const known = from.op === 'constant' && to.op === 'constant';
    if (known && from.value >= to.value) return;
    if (known && from.value + step >= to.value) {
      body(from);
      return;
    }
    const unique = this.unique(name);
    const inner = this.collect(() => {
      body({ op: 'read', type: 'i32', name: unique });
    });
    this.statements.push({ kind: 'loop', name: unique, from, to, step, nonEmpty: known, body: inner });
  }

  /** Branches on a non-zero `i32`. */
  branch(condition: Expression, then: () => void, otherwise: () => void = () => undefined): void {
    this.statements.push({
      kind: 'if',
      condition,
      then: this.collect(then),
      otherwise: this.collect(otherwise),
    });
  }

  /** Calls a function outside the kernel IR. */
  external(name: string, operands: readonly ExternalOperand[]): void {
    this.statements.push({ kind: 'external', function: name, operands });
  }

  /** The finished kernel. */
  build(name: string, summary: string): Kernel {
    return { name, summary, buffers: this.buffers, body: this.statements };
  }

  private introduce(
    name: string,
    value: Expression,
    mutable: boolean,
    transcendental?: TranscendentalFunction,
  ): Variable {
    const unique = this.unique(name);
    const type: ValueType = value.type;
    this.statements.push({
      kind: 'declare',
      name: unique,
      type,
      mutable,
      value,
      ...(transcendental && { transcendental }),
    });
    return { op: 'read', type, name: unique };
  }

  private collect(fill: () => void): Statement[] {
    const outer = this.statements;
    const inner: Statement[] = [];
    this.statements = inner;
    try {
      fill();
    } finally {
      this.statements = outer;
    }
    return inner;
  }

  private unique(name: string): string {
    const count = this.taken.get(name) ?? 0;
    this.taken.set(name, count + 1);
    return count === 0 ? name : `${name}_${String(count)}`;
  }
}
