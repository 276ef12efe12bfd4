import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { GrimError, withContext } from '../errors.ts';
import {
  GraphSchema,
  type Graph as GraphMessage,
  type Node as NodeMessage,
  type NodeSchema,
  type Schedule as ScheduleMessage,
  type ScheduleChoiceSchema,
  type State as StateMessage,
  type WeightSpec as WeightSpecMessage,
  type WeightSpecSchema,
} from '../gen/grim/v1/graph_pb.ts';
import type { Graph, Node, State } from '../graph.ts';
import type { ScheduleRecord, WeightSpec } from '../layer-spec.ts';
import type { Tensor } from '../tensor.ts';
import { checkShape } from './check-shape.ts';
import type { StoredConstant } from './constants.ts';
import { copyFloats, floatBytes } from './float-bytes.ts';
import { maximumMessageBytes } from './limits.ts';
import { decodeMessage, encodeMessage } from './messages.ts';
import { operatorFromMessage, operatorToMessage } from './operator-message.ts';

/** The graph section; the values of its constants are stored apart. */
export function encodeGraph(graph: Graph, constants: readonly StoredConstant[]): Uint8Array {
  const message = create(GraphSchema, {
    name: graph.name,
    inputs: graph.inputs.map(({ name, shape }) => ({ name, shape: [...shape] })),
    outputs: graph.outputs.map(({ name, value }) => ({ name, value })),
    states: graph.states.map(({ name, shape, input, output, initial }) => ({
      name,
      shape: [...shape],
      input,
      output,
      ...(initial && { initial: floatBytes(initial) }),
    })),
    constants: [...constants],
    nodes: graph.nodes.map(nodeInit),
  });
  return encodeMessage(GraphSchema, message);
}

/** Reads the graph section. */
export function decodeGraphMessage(bytes: Uint8Array): GraphMessage {
  if (bytes.length > maximumMessageBytes) {
    throw new GrimError(`${bytes.length} bytes are too many, the limit is ${maximumMessageBytes}`);
  }
  return decodeMessage(GraphSchema, bytes);
}

/** The graph that a message describes, well-formed but not yet validated. */
export function graphFromMessage(message: GraphMessage, constants: ReadonlyMap<string, Tensor>): Graph {
  for (const { name, shape } of [...message.inputs, ...message.states]) {
    withContext({ layer: name }, () => {
      checkShape('it', shape);
    });
  }
  return {
    name: message.name,
    inputs: message.inputs.map(({ name, shape }) => ({ name, shape })),
    outputs: message.outputs.map(({ name, value }) => ({ name, value })),
    states: message.states.map(stateOf),
    constants,
    nodes: message.nodes.map(nodeOf),
  };
}

function nodeInit(node: Node): MessageInitShape<typeof NodeSchema> {
  return {
    name: node.name,
    operator: operatorToMessage(node.op),
    inputs: node.inputs.map((value) => (value === null ? {} : { value })),
    outputs: [...node.outputs],
    weights: (node.weights ?? []).map(weightSpecInit),
  };
}

function nodeOf({ name, operator, inputs, outputs, weights }: NodeMessage): Node {
  return withContext({ layer: name }, () => ({
    name,
    op: operatorFromMessage(operator),
    inputs: inputs.map(({ value }) => value ?? null),
    outputs,
    ...(weights.length > 0 && { weights: weights.map(weightSpecOf) }),
  }));
}

function weightSpecInit({ input, bcr, schedule }: WeightSpec): MessageInitShape<typeof WeightSpecSchema> {
  return {
    input,
    ...(bcr && { bcr: { ...bcr } }),
    ...(schedule && { schedule: { choices: Object.entries(schedule).map(choiceInit) } }),
  };
}

function choiceInit([name, value]: [string, number | string | boolean]): MessageInitShape<
  typeof ScheduleChoiceSchema
> {
  switch (typeof value) {
    case 'number':
      return { name, value: { case: 'number', value } };
    case 'string':
      return { name, value: { case: 'text', value } };
    case 'boolean':
      return { name, value: { case: 'flag', value } };
  }
}

function weightSpecOf({ input, bcr, schedule }: WeightSpecMessage): WeightSpec {
  return {
    input,
    ...(bcr && { bcr: { blockRows: bcr.blockRows, blockColumns: bcr.blockColumns, rate: bcr.rate } }),
    ...(schedule && { schedule: scheduleOf(schedule) }),
  };
}

function scheduleOf({ choices }: ScheduleMessage): ScheduleRecord {
  return Object.fromEntries(
    choices.map(({ name, value }) => {
      if (value.case === undefined) throw new GrimError(`schedule choice ${name} has no value`);
      return [name, value.value];
    }),
  );
}

function stateOf({ name, shape, input, output, initial }: StateMessage): State {
  const state = { name, shape, input, output };
  if (initial === undefined) return state;
  if (initial.length % 4 !== 0) {
    throw new GrimError(`has ${initial.length} initial bytes, not whole floats`, { layer: name });
  }
  return { ...state, initial: copyFloats(initial) };
}
