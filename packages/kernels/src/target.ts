/**
 * What schedules may count on in the target that a kernel is rendered for. Packages that render kernels supply one; kernels do not
 * depend on it, only which schedule is their default and which ones are refused.
 */
export interface KernelTarget {
  /** Vector registers of 128 bits that a loop has for its sums and operands. */
  readonly vectorRegisters: number;
  /**
   * Set where work-items of a GPU share kernels: then small tiles, and packings whose groups of rows do not depend on each other,
   * are the default.
   */
  readonly hasWorkItems?: true;
  /** Set where one instruction loads two neighbouring integers of 32 bits: a list of them then takes fewer than one of 16 bits. */
  readonly loadsPairs?: true;
}

/** GPUs that are programmed in work-items. */
export const workItemTarget: KernelTarget = { vectorRegisters: 16, hasWorkItems: true };

/**
 * The least that targets offer: WebAssembly engines on x86-64 have 16 vector registers. Schedules for it run everywhere.
 */
export const leastTarget: KernelTarget = { vectorRegisters: 16 };

/** Registers that operands need beside the sums of a loop. */
const OPERAND_REGISTERS = 4;

/** Most sums that a loop may keep in registers. */
export const mostAccumulators = ({ vectorRegisters }: KernelTarget): number =>
  vectorRegisters - OPERAND_REGISTERS;

/** Whether there are registers for tiles that are wider than those for {@link leastTarget}. */
export const hasManyRegisters = ({ vectorRegisters }: KernelTarget): boolean => vectorRegisters >= 32;
