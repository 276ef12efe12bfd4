import type { Graph } from '@grim/ir';
import type { Summary } from '../../results/benchmark-result.ts';

/** What tells one model of a task from all others. */
export interface CellKey {
  /** Name of the task. */
  readonly task: string;
  /** How it was made: `dense`, `retrained`, `magnitude`, `reconstruct`, `admm`, `reweighted`, `gradual`. */
  readonly method: string;
  /** Where zeros may be: `bcr 8x32`, `unstructured`, `columns`; `dense`. */
  readonly pattern: string;
  /** Weights divided by weights kept; 1 for a dense model. */
  readonly rate: number;
  readonly seed: number;
}

/** A model and how good it is. */
export interface CellResult {
  /** Share of right answers, share of equal decisions, or phone errors per phone. */
  readonly score: number;
  readonly graph: Graph;
}

/** A result that was kept. */
export interface StoredResult extends CellResult {
  /** Seconds that it took to make and judge on the machine of the run, over all starts of a run that was stopped. */
  readonly seconds: number;
}

/** What a cell is told when it runs. */
export interface CellContext {
  readonly quick: boolean;
  /** A folder of its own, where it may leave checkpoints. */
  readonly folder: string;
  /** The result of another cell, made first where it is not there yet. */
  readonly resultOf: (cell: AccuracyCell) => Promise<StoredResult>;
  readonly progress: (line: string) => void;
}

/** One model of a task: what is made, kept and resumed as a whole. */
export interface AccuracyCell {
  readonly key: CellKey;
  /** Everything that decides the result; what was kept under another recipe is made anew. */
  readonly recipe: string;
  /** The dense model that it is compared with; absent for that model itself. */
  readonly dense?: AccuracyCell;
  readonly run: (context: CellContext) => Promise<CellResult>;
}

/** A row of the suite as far as tasks summarise it. */
export interface ScoredCell extends Omit<CellKey, 'seed'> {
  readonly seed: number | null;
  readonly score: number;
  /** That of the dense model that it was pruned from, its own for a dense one. */
  readonly dense_score: number;
}

/** A real problem with real data. */
export interface AccuracyTask {
  readonly name: string;
  /** What `score` is of: `accuracy`, `agreement` or `phone errors`. */
  readonly metric: string;
  /** What is missing on this machine and how to get it; nothing when the task can run. */
  readonly unavailable: () => string | undefined;
  /** Models in the order they are made. */
  readonly cells: (quick: boolean) => readonly AccuracyCell[];
  /** Numbers that need only some of the rows are given as soon as those are there. */
  readonly summarise: (rows: readonly ScoredCell[]) => Summary;
}
