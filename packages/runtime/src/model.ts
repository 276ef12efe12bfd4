import {
  elementCount,
  GrimError,
  type Plan,
  type PlannedCall,
  type Port,
  type Shape,
  type StridedView,
  type Tensor,
} from '@grim/ir/program';
import type { CodeVariant } from './choose-variant.ts';
import type { Machine } from './machine.ts';
import { readView } from './read-view.ts';
import type { ThreadInfo } from './start-threads.ts';
import { ModelSession, type Session } from './session.ts';

/** An input, output or state of a model. */
export interface PortInfo {
  readonly name: string;
  /** Extent of each dimension, outermost first. */
  readonly shape: Shape;
  /** Number of values: the product of the extents. */
  readonly length: number;
}

/** A model that is ready to run. It has one instance of its code and one linear memory; sessions share both. */
export interface Model {
  readonly name: string;
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  readonly states: readonly PortInfo[];
  /** Where everything lies in linear memory. */
  readonly plan: Plan;
  /** The kernel calls of one run, in order. */
  readonly calls: readonly PlannedCall[];
  /** Which variant of the code runs, and why. */
  readonly variant: CodeVariant;
  /** How many threads run the model together, and why. */
  readonly threads: ThreadInfo;
  /** Bytes of linear memory: what the plan asks for, rounded up to whole pages of 64 KiB. */
  readonly memoryBytes: number;
  /** A new stream with the state from before the first run. */
  readonly createSession: () => Session;
  /**
   * Runs one kernel of the plan alone: all of them in order are one {@link Session.run} on what
   * {@link Session.input} holds. Between two calls, linear memory can be looked at with {@link Model.readView}, or
   * the clock. Values between kernels are not part of a session, so finish the calls of one session before another runs.
   *
   * @param session - A session of this model.
   * @param index - Position in {@link Model.calls}.
   */
  readonly runCall: (session: Session, index: number) => void;
  /** A dense row-major copy of a tensor in linear memory, e.g. the `result` of a call that just ran. */
  readonly readView: (view: StridedView) => Tensor;
  /** Ends the workers of the model, if it has any; its sessions cannot run after that. */
  readonly close: () => Promise<void>;
}

/** The public face of a machine. */
export function createModel(machine: Machine): Model {
  const { plan, memory } = machine;
  return {
    name: plan.model,
    inputs: plan.inputs.map(portInfo),
    outputs: plan.outputs.map(portInfo),
    states: plan.states.map(portInfo),
    plan,
    calls: plan.calls,
    variant: machine.variant,
    threads: machine.threads,
    memoryBytes: memory.byteLength,
    createSession: () => new ModelSession(machine),
    runCall: (session, index) => {
      if (!(session instanceof ModelSession) || !session.belongsTo(machine)) {
        throw new GrimError('the session belongs to another model', { layer: plan.model });
      }
      session.runCall(index);
    },
    readView: (view) => readView(memory, view),
    close: () => machine.close(),
  };
}

function portInfo({ name, shape }: Port): PortInfo {
  return { name, shape, length: elementCount(shape) };
}
