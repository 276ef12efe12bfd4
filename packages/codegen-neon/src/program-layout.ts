import type { Program } from '@grim/kernels';

/** Vectors may be loaded this far beyond the last weight. */
const SLACK_BYTES = 16;

/** Where the memory of a program begins in a context, after the pointer to the weights. */
export const CONTEXT_HEADER_BYTES = 16;

/** How the memory of a program is split between its weights, which contexts share, and a context. */
export interface ProgramLayout {
  /** Bytes of a context. */
  readonly contextBytes: number;
  /** Bytes of the weights as they are stored. */
  readonly weightBytes: number;
  /** Address in the program's memory that a context begins with. */
  readonly memoryStart: number;
}

/** The layout of a program in C. */
export function programLayout({ image, imageOffset, memoryBytes }: Program): ProgramLayout {
  const memoryStart = Math.floor((imageOffset + image.length) / 16) * 16;
  return {
    contextBytes: CONTEXT_HEADER_BYTES + memoryBytes - memoryStart,
    weightBytes: image.length + SLACK_BYTES,
    memoryStart,
  };
}
