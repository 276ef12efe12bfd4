import type { Comparison, Expression, Kernel, Statement } from '../kernel-ir/types.ts';
import { valueTypes } from '../kernel-ir/value-types.ts';
import {
  addIntegers,
  atTurn,
  halveInteger,
  IrregularLoop,
  rangeOf,
  scaleInteger,
  type Integer,
  type OpenLoop,
} from './affine.ts';
import { expressionCost, storeAccess, type Access, type Cost } from './expression-cost.ts';
import { Footprint, type ReadInteger } from './footprint.ts';
import { loopNames, type LoopNames } from './loop-names.ts';

type Loop = Extract<Statement, { kind: 'loop' }>;

/** Totals while a kernel is walked. */
interface Totals {
  multiplyAdds: number;
  otherOperations: number;
  transcendentals: number;
  readonly loadedBytes: Map<string, number>;
  readonly storedBytes: Map<string, number>;
}

/** What a walk found. */
export interface KernelWalk extends Readonly<Totals> {
  readonly footprint: Footprint;
}

const opposite = { eq: 'ne', ge: 'lt', gt: 'le', le: 'gt', lt: 'ge', ne: 'eq' } satisfies Record<
  Comparison,
  Comparison
>;

const copyOf = (totals: Totals): Totals => ({
  ...totals,
  loadedBytes: new Map(totals.loadedBytes),
  storedBytes: new Map(totals.storedBytes),
});

/**
 * Walks a kernel without its floats: integers that decide about loops, branches and addresses are followed, everything
 * else is counted.
 *
 * A loop whose turns all cost the same is walked once and counted as often as it turns; its index stays open, so that an
 * address is a sum of strides. Where the number of turns, a branch or an address cannot be told that way, because it is
 * read from a list or moved on by an inner loop, the turns are walked one by one. So the walk of a sparse kernel is as long as
 * its number of groups, not as its number of multiply-adds.
 *
 * @param read - What the buffers hold that numbers of turns and addresses are read from.
 */
export function walkKernel(kernel: Kernel, read: ReadInteger): KernelWalk {
  let totals: Totals = {
    multiplyAdds: 0,
    otherOperations: 0,
    transcendentals: 0,
    loadedBytes: new Map(),
    storedBytes: new Map(),
  };
  const footprint = new Footprint(read);
  /** Integers by name; `undefined` in a turn of an open loop that has not said yet what they are. */
  const integers = new Map<string, Integer | undefined>();
  const costs = new Map<Expression, Cost>();
  const namesOf = new Map<Loop, LoopNames>();
  const turnedOneByOne = new Set<Loop>();

  function known(value: Integer): number {
    if (typeof value !== 'number')
      throw new IrregularLoop('a number of turns or a branch depends on the turn');
    return value;
  }

  function shifted(value: Integer, count: number, unsigned: boolean): Integer {
    if (typeof value !== 'number') return halveInteger(value, count);
    return unsigned ? (value >>> count) | 0 : value >> count;
  }

  function integer(expression: Expression): Integer {
    switch (expression.op) {
      case 'constant':
        return expression.value;
      case 'read': {
        const value = integers.get(expression.name);
        if (value !== undefined) return value;
        if (integers.has(expression.name)) {
          throw new IrregularLoop(`${expression.name} depends on the turn before`);
        }
        break;
      }
      case 'load':
      case 'loadIndex16': {
        const address = addIntegers(integer(expression.address), expression.offset);
        const { buffer } = expression;
        const bytes = expression.op === 'load' ? 4 : 2;
        return typeof address === 'number'
          ? read({ buffer, bytes }, address)
          : { constant: 0, terms: [{ kind: 'loaded', buffer, bytes, address, factor: 1 }] };
      }
      case 'compare':
        return compared(expression);
      case 'select':
        return integer(known(integer(expression.mask)) === 0 ? expression.whenFalse : expression.whenTrue);
      case 'binary':
        return combined(expression);
      default:
        break;
    }
    throw new TypeError(
      `kernel ${kernel.name}: ${expression.op} decides about an address or a number of turns`,
    );
  }

  function compared(expression: Extract<Expression, { op: 'compare' }>): 0 | 1 {
    const difference = addIntegers(integer(expression.left), scaleInteger(integer(expression.right), -1));
    const [least, greatest] = rangeOf(difference);
    const always: Record<Comparison, boolean> = {
      eq: least === 0 && greatest === 0,
      ge: least >= 0,
      gt: least > 0,
      le: greatest <= 0,
      lt: greatest < 0,
      ne: least > 0 || greatest < 0,
    };
    if (always[expression.comparison]) return 1;
    if (!always[opposite[expression.comparison]]) throw new IrregularLoop('a comparison depends on the turn');
    return 0;
  }

  function combined(expression: Extract<Expression, { op: 'binary' }>): Integer {
    const left = integer(expression.left);
    const right = integer(expression.right);
    switch (expression.operation) {
      case 'add':
        return addIntegers(left, right);
      case 'sub':
        return addIntegers(left, scaleInteger(right, -1));
      case 'mul':
        return typeof left === 'number' ? scaleInteger(right, left) : scaleInteger(left, known(right));
      case 'shiftLeft':
        return scaleInteger(left, 1 << known(right));
      case 'shiftRight':
        return shifted(left, known(right), false);
      case 'shiftRightUnsigned':
        return shifted(left, known(right), true);
      case 'and':
        return known(left) & known(right);
      case 'or':
        return known(left) | known(right);
      case 'xor':
        return known(left) ^ known(right);
      case 'min':
        return Math.min(known(left), known(right));
      case 'max':
        return Math.max(known(left), known(right));
      case 'div':
        throw new TypeError(`kernel ${kernel.name}: integers are not divided`);
    }
  }

  function touch(access: Access, bytes: Map<string, number>, times: number): void {
    const { buffer } = access;
    bytes.set(buffer, (bytes.get(buffer) ?? 0) + times * access.bytes * access.pieces);
    footprint.add(access, integer(access.address));
  }

  function count(expression: Expression, times: number): void {
    let cost = costs.get(expression);
    if (!cost) costs.set(expression, (cost = expressionCost(expression)));
    totals.multiplyAdds += times * cost.multiplyAdds;
    totals.otherOperations += times * cost.otherOperations;
    for (const load of cost.loads) touch(load, totals.loadedBytes, times);
  }

  function openTurns(loop: Loop, from: Integer, turns: number, times: number): void {
    const { carried } = namesFor(loop);
    const open: OpenLoop = { turns };
    const stepped = (value: Integer, stride: number): Integer =>
      addIntegers(value, { constant: 0, terms: [{ kind: 'index', loop: open, stride }] });
    const before = new Map([...carried.keys()].map((name) => [name, integers.get(name)]));
    integers.set(loop.name, stepped(from, loop.step));
    for (const [name, stride] of carried) {
      const value = before.get(name);
      integers.set(name, value === undefined || stride === undefined ? undefined : stepped(value, stride));
    }
    walk(loop.body, times * turns);
    for (const [name, stride] of carried) {
      const first = before.get(name);
      const last = integers.get(name);
      if (first !== undefined && stride !== undefined) integers.set(name, addIntegers(first, stride * turns));
      // No turn came by an assignment: what was before still holds.
      else integers.set(name, last === undefined ? first : atTurn(last, open, turns - 1, read));
    }
  }

  function namesFor(loop: Loop): LoopNames {
    let names = namesOf.get(loop);
    if (!names) namesOf.set(loop, (names = loopNames(loop)));
    return names;
  }

  /** Walks some turns at once; when they are not alike, changes nothing. */
  function walksOpen(loop: Loop, from: Integer, turns: number, times: number): boolean {
    const saved = copyOf(totals);
    const changed = namesFor(loop).changed.map(
      (name) => [name, integers.has(name), integers.get(name)] as const,
    );
    try {
      openTurns(loop, from, turns, times);
      return true;
    } catch (error) {
      if (!(error instanceof IrregularLoop)) throw error;
      totals = saved;
      for (const [name, was, value] of changed) {
        if (was) integers.set(name, value);
        else integers.delete(name);
      }
      return false;
    }
  }

  function walkLoop(loop: Loop, times: number): void {
    const from = integer(loop.from);
    const span = known(addIntegers(integer(loop.to), scaleInteger(from, -1)));
    const turns = Math.max(0, Math.ceil(span / loop.step));
    count(loop.from, times);
    count(loop.to, times * (turns + 1));
    if (turns === 0) return;
    let walked = 0;
    if (!turnedOneByOne.has(loop)) {
      // The last turn is often the only one that differs: a tile that reaches back over results that are already there.
      const open = [turns, turns - 1].find((count) => count > 1 && walksOpen(loop, from, count, times));
      walked = open ?? 0;
      if (walked === turns) return;
    }
    for (let turn = walked; turn < turns; turn++) {
      integers.set(loop.name, addIntegers(from, turn * loop.step));
      walk(loop.body, times);
    }
    // Only now is it sure that the reason was this loop and not one around it.
    if (walked === 0) turnedOneByOne.add(loop);
  }

  function walk(statements: readonly Statement[], times: number): void {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'comment':
          break;
        case 'declare':
        case 'assign':
          count(statement.value, times);
          if (statement.kind === 'declare' && statement.transcendental) {
            totals.transcendentals += times * valueTypes[statement.type].lanes;
          }
          if (statement.type === 'i32') integers.set(statement.name, integer(statement.value));
          break;
        case 'store':
          count(statement.address, times);
          count(statement.value, times);
          touch(storeAccess(statement), totals.storedBytes, times);
          break;
        case 'loop':
          walkLoop(statement, times);
          break;
        case 'if':
          count(statement.condition, times);
          walk(known(integer(statement.condition)) === 0 ? statement.otherwise : statement.then, times);
          break;
        case 'external':
          // What it computes, and which of its buffers' bytes it touches, is not known.
          break;
      }
    }
  }

  walk(kernel.body, 1);
  return { ...totals, footprint };
}
