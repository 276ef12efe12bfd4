import { operandsOf } from './operands-of.ts';
import type { Expression, Kernel, Statement } from './types.ts';

/** Variables that hold addresses of memory instead of offsets into a buffer, with the buffer each belongs to. */
export type PointerVariables = ReadonlyMap<string, string>;

/** A sum in which a pointer may stand: an address in a buffer, or a value of a variable. */
interface Sum {
  readonly target: { readonly buffer: string } | { readonly variable: string };
  readonly names: readonly string[];
}

/** Names that stand in a sum of integers; everything else in it is no place for a pointer. */
function termsOf(value: Expression, others: (part: Expression) => void): string[] {
  if (value.op === 'read') return [value.name];
  if (value.op === 'binary' && value.operation === 'add') {
    return [...termsOf(value.left, others), ...termsOf(value.right, others)];
  }
  others(value);
  return [];
}

/** Where names are used: as a term of a sum that may be a pointer, or in any other way. */
class Uses {
  readonly sums: Sum[] = [];
  readonly plain = new Set<string>();

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'comment':
        case 'external':
          break;
        case 'declare':
        case 'assign':
          this.value(statement.name, statement.value);
          break;
        case 'store':
          this.sum({ buffer: statement.buffer }, statement.address);
          this.expression(statement.value);
          break;
        case 'loop':
          this.value(statement.name, statement.from);
          this.value(statement.name, statement.to);
          this.statements(statement.body);
          break;
        case 'if':
          this.expression(statement.condition);
          this.statements(statement.then);
          this.statements(statement.otherwise);
          break;
      }
    }
  }

  private value(variable: string, value: Expression): void {
    if (value.type === 'i32') this.sum({ variable }, value);
    else this.expression(value);
  }

  private sum(target: Sum['target'], value: Expression): void {
    const names = termsOf(value, (part) => {
      this.parts(part);
    });
    this.sums.push({ target, names });
  }

  private expression(value: Expression): void {
    if (value.op === 'read') this.plain.add(value.name);
    else this.parts(value);
  }

  private parts(value: Expression): void {
    if ('address' in value) this.sum({ buffer: value.buffer }, value.address);
    else for (const operand of operandsOf(value)) this.expression(operand);
  }
}

/**
 * Finds the integer variables of a kernel that are used for nothing but the addresses of one buffer. Such a variable can hold
 * the address itself: then the base of the buffer is added once, where the variable starts, and not at every access of
 * an inner loop, where engines and compilers do not always take it out.
 */
export function pointerVariables(kernel: Pick<Kernel, 'body'>): PointerVariables {
  const uses = new Uses();
  uses.statements(kernel.body);
  const bufferOf = (target: Sum['target'], pointers: PointerVariables): string | undefined =>
    'buffer' in target ? target.buffer : pointers.get(target.variable);

  // First every variable that some address is made from, by its first buffer; then those out that are used otherwise.
  const pointers = new Map<string, string>();
  const untilStable = (visit: (sum: Sum) => boolean): void => {
    let changed = true;
    while (changed) {
      changed = false;
      for (const sum of uses.sums) changed = visit(sum) || changed;
    }
  };
  untilStable(({ target, names }) => {
    const buffer = bufferOf(target, pointers);
    const found = names.filter(
      (name) => buffer !== undefined && !uses.plain.has(name) && !pointers.has(name),
    );
    for (const name of found) if (buffer !== undefined) pointers.set(name, buffer);
    return found.length > 0;
  });
  untilStable(({ target, names }) => {
    const buffer = bufferOf(target, pointers);
    const [first, ...others] = names.filter((name) => pointers.has(name));
    // A sum has room for one pointer.
    const misplaced = first !== undefined && pointers.get(first) !== buffer ? [first, ...others] : others;
    for (const name of misplaced) pointers.delete(name);
    return misplaced.length > 0;
  });
  return pointers;
}

/** Whether a value is a sum with a pointer in it. */
export function holdsPointer(value: Expression, pointers: PointerVariables): boolean {
  return termsOf(value, () => undefined).some((name) => pointers.has(name));
}
