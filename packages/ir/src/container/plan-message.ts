import { create } from '@bufbuild/protobuf';
import { GrimError, withContext } from '../errors.ts';
import {
  PlanSchema,
  type PlannedCall as PlannedCallMessage,
  type Port as PortMessage,
  type StatePort as StatePortMessage,
  type StridedView as StridedViewMessage,
} from '../gen/grim/v1/plan_pb.ts';
import type { Plan, PlannedCall, Port, StatePort, StridedView } from '../plan.ts';
import { checkPlan } from './check-plan.ts';
import { copyFloats, floatBytes } from './float-bytes.ts';
import { maximumMessageBytes } from './limits.ts';
import { decodeMessage, encodeMessage } from './messages.ts';

/** The plan section. Throws a {@link GrimError} when the plan does not hold together, see {@link checkPlan}. */
export function encodePlan(plan: Plan, imageBytes: number): Uint8Array {
  return withContext({ layer: 'section plan' }, () => {
    checkPlan(plan, imageBytes);
    const message = create(PlanSchema, {
      model: plan.model,
      memoryBytes: plan.memoryBytes,
      imageOffset: plan.imageOffset,
      inputs: plan.inputs.map(portInit),
      outputs: plan.outputs.map(portInit),
      states: plan.states.map((state) => ({
        port: portInit(state),
        ...(state.initial && { initial: floatBytes(state.initial) }),
      })),
      calls: plan.calls.map(({ result, ...call }) => ({
        ...call,
        macs: BigInt(call.macs),
        ...(result && { result: { ...result, shape: [...result.shape], strides: [...result.strides] } }),
      })),
      features: [...plan.features],
      relaxedFeatures: [...(plan.relaxedFeatures ?? [])],
      ...(plan.threads && { threads: plan.threads }),
    });
    return encodeMessage(PlanSchema, message);
  });
}

/** Reads and checks the plan section. */
export function decodePlan(bytes: Uint8Array, imageBytes: number): Plan {
  return withContext({ layer: 'section plan' }, () => {
    if (bytes.length > maximumMessageBytes) {
      throw new GrimError(`${bytes.length} bytes are too many, the limit is ${maximumMessageBytes}`);
    }
    const message = decodeMessage(PlanSchema, bytes);
    const plan: Plan = {
      model: message.model,
      memoryBytes: message.memoryBytes,
      imageOffset: message.imageOffset,
      inputs: message.inputs.map(portOf),
      outputs: message.outputs.map(portOf),
      states: message.states.map(statePortOf),
      calls: message.calls.map(callOf),
      features: message.features,
      ...(message.relaxedFeatures.length > 0 && { relaxedFeatures: message.relaxedFeatures }),
      ...(message.threads && {
        threads: { count: message.threads.count, controlOffset: message.threads.controlOffset },
      }),
    };
    checkPlan(plan, imageBytes);
    return plan;
  });
}

function portInit({ name, shape, offset }: Port): { name: string; shape: number[]; offset: number } {
  return { name, shape: [...shape], offset };
}

function portOf({ name, shape, offset }: PortMessage): Port {
  return { name, shape, offset };
}

function statePortOf({ port, initial }: StatePortMessage): StatePort {
  if (!port) throw new GrimError('a state has no port');
  if (initial === undefined) return portOf(port);
  if (initial.length % 4 !== 0) {
    throw new GrimError(`state ${port.name} has ${initial.length} initial bytes, not whole floats`);
  }
  return { ...portOf(port), initial: copyFloats(initial) };
}

function callOf({
  entry,
  node,
  kernel,
  family,
  path,
  macs,
  weightBytes,
  padding,
  result,
}: PlannedCallMessage): PlannedCall {
  const call: PlannedCall = {
    entry,
    node,
    kernel,
    family,
    path,
    macs: Number(macs),
    weightBytes,
    ...(padding !== undefined && { padding }),
  };
  return result ? { ...call, result: viewOf(result) } : call;
}

function viewOf({ value, shape, offset, strides }: StridedViewMessage): StridedView {
  return { value, shape, offset, strides };
}
