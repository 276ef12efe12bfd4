import { elementCount, GrimError } from '@grim/ir';
import type { ImportLimits } from '../import-limits.ts';

/** More dimensions than any model uses; it keeps index arithmetic over dimensions cheap. */
const maximumRank = 32;

/** What is left of the limits that are summed over an import. */
export class FoldingBudget {
  readonly #limits: ImportLimits;
  #elements: number;
  #macs: number;
  #operands: number;

  /** @param bytes - bytes of the model and its external data known so far */
  constructor(limits: ImportLimits, bytes: number) {
    this.#limits = limits;
    this.#elements = limits.foldedElements + 4 * bytes;
    this.#macs = limits.foldedMacs;
    this.#operands = limits.operandElements + 4 * bytes;
  }

  /** Allows for external data that was read. */
  grow(bytes: number): void {
    this.#elements += 4 * bytes;
    this.#operands += 4 * bytes;
  }

  /** Refuses a tensor that has too many elements, or too many dimensions to be one. */
  checkShape(shape: readonly number[]): void {
    if (shape.length > maximumRank) {
      throw new GrimError(`a tensor of ${shape.length} dimensions is over the limit of ${maximumRank}`);
    }
    const count = elementCount(shape);
    if (!(count <= this.#limits.tensorElements) || shape.some((extent) => extent > Number.MAX_SAFE_INTEGER)) {
      throw new GrimError(
        `a tensor of shape [${shape.join(',')}] is over the limit of ${this.#limits.tensorElements} elements`,
      );
    }
  }

  /** Accounts for a constant of this shape that is about to be allocated. */
  allocate(shape: readonly number[]): number {
    this.checkShape(shape);
    const count = elementCount(shape);
    this.#elements -= count;
    if (this.#elements < 0) {
      throw new GrimError(`folding constants needs more than ${this.#limits.foldedElements} elements`);
    }
    return count;
  }

  /** Accounts for a constant of this shape that a node of the graph reads. */
  use(shape: readonly number[]): void {
    this.#operands -= elementCount(shape);
    if (this.#operands < 0) {
      throw new GrimError(
        `constants are read by nodes as more than ${this.#limits.operandElements} elements`,
      );
    }
  }

  /** Accounts for multiply-adds that are about to be done. */
  compute(macs: number): void {
    this.#macs -= macs;
    if (!(this.#macs >= 0)) {
      throw new GrimError(`folding constants needs more than ${this.#limits.foldedMacs} multiply-adds`);
    }
  }
}
