import { readsName, visitReads } from '@grim/codegen-c';
import { valueTypes, type Expression, type Kernel, type Statement } from '@grim/kernels';

/**
 * Where a splatted load lives when all that reads it are multiply-adds: they take a factor from one lane, so that it
 * needs no vector of its own. Neighbours in memory are loaded together.
 */
export type LaneOperand =
  | { readonly kind: 'scalar' }
  | {
      readonly kind: 'lane';
      /** Name of the vector, which is that of the operand in its first lane. */
      readonly vector: string;
      /** Whether the vector is as wide as a register. */
      readonly isWhole: boolean;
      readonly lane: number;
    };

/** A vector of neighbouring floats: it is loaded where the first operand in it was, from where its first lane lies. */
export interface LaneVector {
  readonly name: string;
  /** How many of its lanes are loaded. */
  readonly lanes: number;
  readonly load: SplatLoad;
}

/** Which splatted loads of a kernel are lanes or scalars, and which vectors are loaded instead of them. */
export interface LaneOperands {
  readonly operands: ReadonlyMap<string, LaneOperand>;
  /** Vectors by the name of the declaration that they are loaded at. */
  readonly vectors: ReadonlyMap<string, LaneVector>;
}

type SplatLoad = Extract<Expression, { op: 'loadSplat' }>;

interface Splat {
  readonly name: string;
  readonly load: SplatLoad;
  readonly position: number;
}

/** Splits loads of one address into runs of eight (of halves), four or two neighbours; what is left over stands alone. */
function runsOf(splats: readonly Splat[]): Splat[][] {
  const sorted = [...splats].sort((a, b) => a.load.offset - b.load.offset);
  const runs: Splat[][] = [];
  let start = 0;
  while (start < sorted.length) {
    const { offset = 0, type = 'f32x4' } = sorted[start]?.load ?? {};
    const { laneBytes, lanes } = valueTypes[type];
    const isRun = (length: number): boolean =>
      Array.from(
        { length },
        (_, lane) => sorted[start + lane]?.load.offset === offset + laneBytes * lane,
      ).every(Boolean);
    const length = [8, 4, 2].filter((size) => size <= lanes).find(isRun) ?? 1;
    runs.push(sorted.slice(start, start + length));
    start += length;
  }
  return runs;
}

/**
 * Finds splatted loads that only multiply-adds read, as factors. Those of one straight piece of code that lie beside each other
 * become lanes of one vector, the others scalars.
 *
 * @param inPlace - Whether buffers may share bytes, so that a store to one may change another.
 */
export function laneOperands({ body }: Pick<Kernel, 'body'>, inPlace: boolean): LaneOperands {
  const factors = new Set<string>();
  const others = new Set<string>();
  visitReads(body, (name, isFactor) => {
    (isFactor ? factors : others).add(name);
  });
  const operands = new Map<string, LaneOperand>();
  const vectors = new Map<string, LaneVector>();

  const place = (splats: readonly Splat[]): void => {
    for (const run of runsOf(splats)) {
      const [first] = run;
      if (first === undefined) continue;
      if (run.length === 1) {
        operands.set(first.name, { kind: 'scalar' });
        continue;
      }
      const isWhole = run.length === valueTypes[first.load.type].lanes;
      run.forEach(({ name }, lane) => {
        operands.set(name, { kind: 'lane', vector: first.name, isWhole, lane });
      });
      const earliest = run.reduce((a, b) => (a.position < b.position ? a : b));
      vectors.set(earliest.name, { name: first.name, lanes: run.length, load: first.load });
    }
  };

  const visit = (statements: readonly Statement[]): void => {
    /** Loads whose memory and address have not changed since the first of them. */
    const open = new Map<string, Splat[]>();
    const close = (isStale: (load: SplatLoad) => boolean = () => true): void => {
      for (const [key, splats] of open) {
        const [first] = splats;
        if (first === undefined || !isStale(first.load)) continue;
        place(splats);
        open.delete(key);
      }
    };
    statements.forEach((statement, position) => {
      switch (statement.kind) {
        case 'comment':
          break;
        case 'declare': {
          const { name, value: load, mutable } = statement;
          if (mutable || load.op !== 'loadSplat' || load.memory || !factors.has(name) || others.has(name))
            break;
          const key = JSON.stringify([load.type, load.buffer, load.address]);
          open.set(key, [...(open.get(key) ?? []), { name, load, position }]);
          break;
        }
        case 'assign':
          close(({ address }) => readsName(address, statement.name));
          break;
        case 'store':
          close(({ buffer }) => inPlace || buffer === statement.buffer);
          break;
        case 'loop':
          close();
          visit(statement.body);
          break;
        case 'external':
          close();
          break;
        case 'if':
          close();
          visit(statement.then);
          visit(statement.otherwise);
          break;
      }
    });
    close();
  };
  visit(body);
  return { operands, vectors };
}
