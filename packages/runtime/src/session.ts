import {
  elementCount,
  formatShape,
  GrimError,
  type Port,
  type Shape,
  type StatePort,
} from '@grim/ir/program';
import type { Machine, StateOwner } from './machine.ts';

/**
 * One stream through a model, with recurrent state of its own.
 *
 * Sessions of one model share its linear memory. The state of the session that ran last lies there; when another one
 * runs, the former's state is copied out and the latter's in. That costs a copy of the state per change of session,
 * and nothing while one session runs.
 *
 * A run allocates nothing: outputs are the same arrays every time, so copy what must outlive the next run.
 */
export interface Session {
  /**
   * The place of an input in linear memory: what is written here is what the next {@link Session.run} without that input
   * reads. It is shared by all sessions of the model, so write, then run, before another session does.
   *
   * @param name - One of `model.inputs`.
   * @returns As many floats as the input has, row-major.
   */
  readonly input: (name: string) => Float32Array;
  /**
   * Runs the whole model once.
   *
   * @param inputs - Every input of the model by name, row-major, with exactly as many values as its shape has; absent
   * when {@link Session.input} was written instead. NaN and infinities are values like any other.
   * @returns Every output by name, row-major; the same object and arrays on every call of this session.
   * @throws GrimError when inputs are missing, unknown or of the wrong length, before anything is changed.
   */
  readonly run: (inputs?: Readonly<Record<string, Float32Array>>) => Readonly<Record<string, Float32Array>>;
  /**
   * {@link Session.run} for models with one input and one output.
   *
   * @param input - As many values as the input has.
   * @returns The output, the same array on every call of this session.
   */
  readonly step: (input: Float32Array) => Float32Array;
  /** Puts the state back to what it is before the first run. */
  readonly reset: () => void;
  /** Copies of all states by name. */
  readonly getState: () => Record<string, Float32Array>;
  /**
   * Replaces all states with copies of what is given, as {@link Session.getState} gave it.
   *
   * @throws GrimError when states are missing, unknown or of the wrong length, before anything is changed.
   */
  readonly setState: (state: Readonly<Record<string, Float32Array>>) => void;
}

/** An input or output: where it lies in linear memory, and the array of the session that shows it. */
interface Slot {
  readonly name: string;
  readonly shape: Shape;
  readonly view: Float32Array;
}

/** An output with the array that this session hands out. */
interface OutputSlot extends Slot {
  readonly own: Float32Array;
}

/** A state with its values while another session is active. */
interface StateSlot extends Slot {
  readonly saved: Float32Array;
  readonly initial: Float32Array | undefined;
}

function slotOf(machine: Machine, { name, shape, offset }: Port): Slot {
  return { name, shape, view: new Float32Array(machine.memory, offset, elementCount(shape)) };
}

function outputSlotOf(machine: Machine, port: Port): OutputSlot {
  const slot = slotOf(machine, port);
  return { ...slot, own: new Float32Array(slot.view.length) };
}

function stateSlotOf(machine: Machine, port: StatePort): StateSlot {
  const slot = slotOf(machine, port);
  return {
    ...slot,
    initial: port.initial,
    saved: port.initial?.slice() ?? new Float32Array(slot.view.length),
  };
}

/** The one implementation of {@link Session}. Loops on the way of a run count, because iterators may allocate. */
export class ModelSession implements Session, StateOwner {
  readonly #machine: Machine;
  readonly #inputs: readonly Slot[];
  readonly #outputs: readonly OutputSlot[];
  readonly #states: readonly StateSlot[];
  readonly #results: Readonly<Record<string, Float32Array>>;
  /** Whether a run began that did not end: a trap left its state half replaced. */
  #interrupted = false;

  constructor(machine: Machine) {
    const { inputs, outputs, states } = machine.plan;
    this.#machine = machine;
    this.#inputs = inputs.map((port) => slotOf(machine, port));
    this.#outputs = outputs.map((port) => outputSlotOf(machine, port));
    this.#states = states.map((port) => stateSlotOf(machine, port));
    this.#results = Object.fromEntries(this.#outputs.map(({ name, own }) => [name, own]));
  }

  input(name: string): Float32Array {
    const slot = this.#inputs.find((candidate) => candidate.name === name);
    if (!slot) throw new GrimError(`the model has no input ${name}, it has ${namesOf(this.#inputs)}`);
    return slot.view;
  }

  run(inputs?: Readonly<Record<string, Float32Array>>): Readonly<Record<string, Float32Array>> {
    if (inputs) {
      checkValues('input', this.#inputs, inputs);
      for (let index = 0; index < this.#inputs.length; index++) {
        const slot = this.#inputs[index] as Slot;
        slot.view.set(inputs[slot.name] as Float32Array);
      }
    }
    this.#execute(this.#machine.run);
    return this.#results;
  }

  step(input: Float32Array): Float32Array {
    const [from, to] = [this.#inputs[0], this.#outputs[0]];
    if (!from || !to || this.#inputs.length > 1 || this.#outputs.length > 1) {
      throw new GrimError(
        `step needs a model with one input and one output, this one has ${this.#inputs.length} and ${this.#outputs.length}; use run`,
      );
    }
    checkValue('input', from, input);
    from.view.set(input);
    this.#execute(this.#machine.run);
    return to.own;
  }

  /** Runs one call of the plan on this session's state. Outputs are copied after the last one. */
  runCall(index: number): void {
    const call = this.#machine.calls[index];
    if (!call) {
      throw new GrimError(`the model has no call ${index}, it has ${this.#machine.calls.length}`);
    }
    this.#execute(call);
  }

  reset(): void {
    for (const { initial, saved } of this.#states) {
      if (initial) saved.set(initial);
      else saved.fill(0);
    }
    this.#savedChanged();
  }

  getState(): Record<string, Float32Array> {
    if (this.#machine.active === this) this.leave();
    return Object.fromEntries(this.#states.map(({ name, saved }) => [name, saved.slice()]));
  }

  setState(state: Readonly<Record<string, Float32Array>>): void {
    checkValues('state', this.#states, state);
    for (const { name, saved } of this.#states) saved.set(state[name] as Float32Array);
    this.#savedChanged();
  }

  leave(): void {
    for (let index = 0; index < this.#states.length; index++) {
      const slot = this.#states[index] as StateSlot;
      slot.saved.set(slot.view);
    }
  }

  /** Whether this is a session of `machine`. */
  belongsTo(machine: Machine): boolean {
    return this.#machine === machine;
  }

  #savedChanged(): void {
    this.#interrupted = false;
    if (this.#machine.active === this) this.#enter();
  }

  #enter(): void {
    for (let index = 0; index < this.#states.length; index++) {
      const slot = this.#states[index] as StateSlot;
      slot.view.set(slot.saved);
    }
  }

  #execute(code: () => void): void {
    if (this.#interrupted) {
      throw new GrimError('the last run of this session did not finish; reset it or set its state first');
    }
    const machine = this.#machine;
    if (machine.isClosed) throw new GrimError('the model is closed', { layer: machine.plan.model });
    if (machine.active !== this) {
      machine.active?.leave();
      machine.active = this;
      this.#enter();
    }
    this.#interrupted = true;
    code();
    this.#interrupted = false;
    for (let index = 0; index < this.#outputs.length; index++) {
      const slot = this.#outputs[index] as OutputSlot;
      slot.own.set(slot.view);
    }
  }
}

/** Throws unless `values` has exactly the slots, each an array of the right type and length. */
function checkValues(
  role: string,
  slots: readonly Slot[],
  values: Readonly<Record<string, Float32Array>>,
): void {
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index] as Slot;
    checkValue(role, slot, values[slot.name]);
  }
  let given = 0;
  for (const name in values) {
    if (Object.hasOwn(values, name)) given++;
  }
  if (given !== slots.length) throw unknownName(role, slots, values);
}

function checkValue(role: string, slot: Slot, value: Float32Array | undefined): void {
  // The tag names the type across realms, where instanceof does not; callers without types may pass anything.
  const tag: string | undefined = value?.[Symbol.toStringTag];
  if (tag === 'Float32Array' && value?.length === slot.view.length) return;
  const expected = `${role} ${slot.name} needs a Float32Array of ${slot.view.length} values for shape ${formatShape(slot.shape)}`;
  if (value === undefined) throw new GrimError(`${expected}, it is missing`);
  const type = Object.prototype.toString.call(value).slice(8, -1);
  throw new GrimError(`${expected}, got ${type} ${formatShape([value.length])}`);
}

function unknownName(
  role: string,
  slots: readonly Slot[],
  values: Readonly<Record<string, unknown>>,
): GrimError {
  const unknown = Object.keys(values).filter((name) => !slots.some((slot) => slot.name === name));
  return new GrimError(`the model has no ${role} ${unknown.join(', ')}, it has ${namesOf(slots)}`);
}

function namesOf(slots: readonly Slot[]): string {
  return slots.length === 0
    ? 'none'
    : slots.map(({ name, shape }) => `${name} ${formatShape(shape)}`).join(', ');
}
