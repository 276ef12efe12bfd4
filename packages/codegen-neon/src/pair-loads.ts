import { readsName } from '@grim/codegen-c';
import type { Expression, Kernel, Statement } from '@grim/kernels';

type Declaration = Extract<Statement, { kind: 'declare' }>;
type Load = Extract<Expression, { op: 'load' }>;

/** Bytes of the loads that there is an instruction for two of. */
const pairedBytes: Partial<Record<Load['type'], number>> = { f16x8: 16, f32x4: 16, i32x4: 16, i32: 4 };

/** A load that is declared on its own, as it would be paired. */
function loadOf(statement: Statement): { declaration: Declaration; load: Load } | undefined {
  if (statement.kind !== 'declare' || statement.mutable || statement.value.op !== 'load') return undefined;
  return statement.value.memory ? undefined : { declaration: statement, load: statement.value };
}

const isNextTo = (first: Load, second: Load): boolean =>
  first.buffer === second.buffer &&
  first.type === second.type &&
  second.offset - first.offset === pairedBytes[first.type] &&
  JSON.stringify(first.address) === JSON.stringify(second.address);

/** Whether a load gives the same before a statement as behind it. */
function mayPass(load: Load, statement: Statement, inPlace: boolean): boolean {
  switch (statement.kind) {
    case 'comment':
      return true;
    case 'declare':
    case 'assign':
      return !readsName(load.address, statement.name);
    case 'store':
      return !inPlace && statement.buffer !== load.buffer;
    case 'loop':
    case 'if':
    case 'external':
      return false;
  }
}

/** Where in `statements` the partner of the load at `position` is. */
function partnerOf(
  statements: readonly Statement[],
  position: number,
  isTaken: (statement: Statement) => boolean,
  inPlace: boolean,
): Statement | undefined {
  const first = loadOf(statements[position] ?? { kind: 'comment', text: '' });
  if (!first) return undefined;
  for (let at = position + 1; at < statements.length; at++) {
    const statement = statements[at];
    if (!statement) break;
    const second = loadOf(statement);
    if (second && !isTaken(statement) && isNextTo(first.load, second.load)) {
      const between = statements.slice(position + 1, at);
      return between.every((passed) => mayPass(second.load, passed, inPlace)) ? statement : undefined;
    }
  }
  return undefined;
}

function pairedIn(statements: readonly Statement[], inPlace: boolean): Statement[] {
  const taken = new Set<Statement>();
  const result: Statement[] = [];
  statements.forEach((statement, position) => {
    if (taken.has(statement)) return;
    result.push(withPairedBodies(statement, inPlace));
    const partner = partnerOf(statements, position, (other) => taken.has(other), inPlace);
    if (!partner) return;
    taken.add(partner);
    result.push(partner);
  });
  return result;
}

function withPairedBodies(statement: Statement, inPlace: boolean): Statement {
  switch (statement.kind) {
    case 'loop':
      return { ...statement, body: pairedIn(statement.body, inPlace) };
    case 'if':
      return {
        ...statement,
        then: pairedIn(statement.then, inPlace),
        otherwise: pairedIn(statement.otherwise, inPlace),
      };
    default:
      return statement;
  }
}

/**
 * Brings loads that lie beside each other in memory together, two and two: one instruction loads both, but compilers only see that
 * where nothing stands between them, or give both one register.
 *
 * @param inPlace - Whether buffers may share bytes, so that a store to one may change another.
 */
export function pairLoads(kernel: Kernel, inPlace: boolean): Kernel {
  return { ...kernel, body: pairedIn(kernel.body, inPlace) };
}
