import { GrimError } from '../errors.ts';
import type { Plan, PlannedThreads, Port, StridedView } from '../plan.ts';
import { elementCount, formatShape } from '../tensor.ts';
import { checkShape } from './check-shape.ts';
import { maximumMemoryBytes, maximumThreads, threadControlBytes } from './limits.ts';

/** Bytes `begin` to `end` of linear memory and what lies there. */
interface Range {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/**
 * Throws a {@link GrimError} unless everything in `plan` lies inside its memory, aligned, and apart where it must be.
 *
 * Inputs and states are written, so they overlap neither one another nor the image. Outputs are only read: one may show a
 * state, an input or a constant.
 */
export function checkPlan(plan: Plan, imageBytes: number): void {
  checkInteger('memoryBytes', plan.memoryBytes, maximumMemoryBytes);
  checkInteger('imageOffset', plan.imageOffset, plan.memoryBytes);
  const image: Range = { name: 'image', begin: plan.imageOffset, end: plan.imageOffset + imageBytes };
  if (image.end > plan.memoryBytes) {
    throw new GrimError(`the image ends at byte ${image.end} of a memory of ${plan.memoryBytes} bytes`);
  }
  checkUniqueNames('input', plan.inputs);
  checkUniqueNames('output', plan.outputs);
  checkUniqueNames('state', plan.states);
  const outputs = plan.outputs.map((port) => portRange(plan, 'output', port));
  const outputBytes = outputs.reduce((total, range) => total + range.end - range.begin, 0);
  // Sessions copy outputs; ones that show the same bytes many times over must not multiply memory.
  if (outputBytes > plan.memoryBytes) {
    throw new GrimError(`outputs of ${outputBytes} bytes exceed the memory of ${plan.memoryBytes} bytes`);
  }
  checkApart([
    image,
    ...(plan.threads ? [threadControlRange(plan, plan.threads)] : []),
    ...plan.inputs.map((port) => portRange(plan, 'input', port)),
    ...plan.states.map((port) => portRange(plan, 'state', port)),
  ]);
  for (const state of plan.states) {
    if (state.initial && state.initial.length !== elementCount(state.shape)) {
      throw new GrimError(
        `state ${state.name} ${formatShape(state.shape)} has ${state.initial.length} initial values`,
      );
    }
  }
  if (plan.relaxedFeatures?.length === 0) throw new GrimError('relaxed code needs no feature');
  for (const call of plan.calls) {
    checkInteger(`macs of ${call.entry}`, call.macs, Number.MAX_SAFE_INTEGER);
    checkInteger(`weightBytes of ${call.entry}`, call.weightBytes, maximumMemoryBytes);
    if (call.padding !== undefined && !(call.padding > 0 && Number.isFinite(call.padding))) {
      throw new GrimError(`padding of ${call.entry} is ${call.padding}, not a ratio`);
    }
    if (call.result) checkView(plan, call.result);
  }
}

function checkInteger(name: string, value: number, maximum: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= maximum) return;
  throw new GrimError(`${name} is ${value}, not an integer from 0 to ${maximum}`);
}

function checkUniqueNames(role: string, ports: readonly Port[]): void {
  const names = new Set<string>();
  for (const { name } of ports) {
    if (names.has(name)) throw new GrimError(`two ${role}s are called ${name}`);
    names.add(name);
  }
}

function portRange(plan: Plan, role: string, port: Port): Range {
  const name = `${role} ${port.name}`;
  checkShape(name, port.shape);
  checkInteger(`offset of ${name}`, port.offset, plan.memoryBytes);
  if (port.offset % 16 !== 0)
    throw new GrimError(`${name} is at byte ${port.offset}, which is not a multiple of 16`);
  const end = port.offset + 4 * elementCount(port.shape);
  if (!(end <= plan.memoryBytes)) {
    throw new GrimError(
      `${name} ${formatShape(port.shape)} at byte ${port.offset} ends outside the memory of ${plan.memoryBytes} bytes`,
    );
  }
  return { name, begin: port.offset, end };
}

function threadControlRange(plan: Plan, { count, controlOffset }: PlannedThreads): Range {
  checkInteger('number of threads', count, maximumThreads);
  if (count < 2) throw new GrimError(`${count} threads are planned, not several`);
  checkInteger('offset of thread control', controlOffset, plan.memoryBytes);
  if (controlOffset % 64 !== 0) {
    throw new GrimError(`thread control is at byte ${controlOffset}, which is not a multiple of 64`);
  }
  const end = controlOffset + threadControlBytes;
  if (end > plan.memoryBytes) {
    throw new GrimError(
      `thread control at byte ${controlOffset} ends outside the memory of ${plan.memoryBytes} bytes`,
    );
  }
  return { name: 'thread control', begin: controlOffset, end };
}

function checkApart(ranges: readonly Range[]): void {
  const ordered = ranges.filter(({ begin, end }) => end > begin).sort((a, b) => a.begin - b.begin);
  ordered.forEach((range, index) => {
    const next = ordered[index + 1];
    if (next && next.begin < range.end)
      throw new GrimError(`${range.name} and ${next.name} overlap in memory`);
  });
}

function checkView(plan: Plan, view: StridedView): void {
  const name = `value ${view.value}`;
  checkShape(name, view.shape);
  if (view.strides.length !== view.shape.length) {
    throw new GrimError(`${name} ${formatShape(view.shape)} has ${view.strides.length} strides`);
  }
  checkInteger(`offset of ${name}`, view.offset, plan.memoryBytes);
  if (view.offset % 4 !== 0)
    throw new GrimError(`${name} is at byte ${view.offset}, which is not a multiple of 4`);
  const elements = elementCount(view.shape);
  if (elements === 0) return;
  let first = view.offset;
  let end = view.offset + 4;
  view.strides.forEach((stride, axis) => {
    if (!Number.isInteger(stride) || Math.abs(stride) >= 2 ** 31) {
      throw new GrimError(`${name} has stride ${stride}, not a 32-bit integer`);
    }
    const reach = 4 * stride * ((view.shape[axis] ?? 1) - 1);
    if (reach < 0) first += reach;
    else end += reach;
  });
  // A stride of 0 repeats elements, so the size of a dense copy is bounded on its own.
  if (first < 0 || !(end <= plan.memoryBytes) || !(4 * elements <= plan.memoryBytes)) {
    throw new GrimError(
      `${name} ${formatShape(view.shape)} lies outside the memory of ${plan.memoryBytes} bytes`,
    );
  }
}
