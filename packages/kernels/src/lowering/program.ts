import type { Port, StatePort, StridedView } from '@grim/ir';

import type { ElementType, Kernel } from '../kernel-ir/types.ts';

/** One call of a kernel at fixed addresses. */
export interface ProgramCall {
  /** Node of the graph it belongs to. */
  readonly node: string;
  /**
   * Calls of one stage follow each other, and none of them touches what another one writes: threads may run them at the
   * same time. Stages are numbered in execution order.
   */
  readonly stage: number;
  readonly kernel: Kernel;
  readonly family: string;
  /** Byte address per buffer parameter of the kernel. */
  readonly addresses: readonly number[];
  /** The path taken and why. */
  readonly path: string;
  /** Multiply-adds executed, padding included. */
  readonly macs: number;
  /** Bytes of packed weights and indices that are read. */
  readonly weightBytes: number;
  /**
   * Padding of the layer: weights that its calls multiply with over those that are not zero. Absent where a layer has no
   * weights.
   */
  readonly padding?: number;
  /** The value that is complete after this call, where it consists of 32-bit floats. */
  readonly result?: StridedView;
}

/** A whole model as kernel calls over one static memory; independent of any target. */
export interface Program {
  readonly model: string;
  /** Floats of weights and of values between ports; ports are 32 bits wide. */
  readonly element: ElementType;
  /** Bytes of memory: image, arena, ports and states. */
  readonly memoryBytes: number;
  /** Where everything in memory lies; buffers that are never in use together may share bytes. */
  readonly buffers: readonly { readonly offset: number; readonly bytes: number }[];
  readonly imageOffset: number;
  /** Packed weights, indices and constants. */
  readonly image: Uint8Array;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly states: readonly StatePort[];
  /** In execution order. */
  readonly calls: readonly ProgramCall[];
}
