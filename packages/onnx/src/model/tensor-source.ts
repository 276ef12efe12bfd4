import type { FoldingBudget } from '../folding/folding-budget.ts';

/** What reading a stored tensor needs besides the tensor. */
export interface TensorSource {
  readonly budget: FoldingBudget;
  /** The bytes named by a tensor's external-data entries; exactly `length` of them. */
  readonly external: (entries: ReadonlyMap<string, string>, length: number) => Uint8Array;
}
