import type { Graph, Node, ScheduleRecord, State, WeightSpec } from '../../../src/index.ts';
import fc from 'fast-check';
import { anyOperator } from './arbitrary-operators.ts';

const name = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('__proto__', 'constructor', ''),
);
const extent = fc.nat({ max: 2 ** 32 - 1 });
const shape = fc.array(extent, { maxLength: 16 });

/** Floats of all kinds but NaN, whose bits a JavaScript engine need not keep. */
const floats = fc.float32Array({ noNaN: true, maxLength: 12 });

const schedule: fc.Arbitrary<ScheduleRecord> = fc
  .array(fc.tuple(name, fc.oneof(fc.double({ noNaN: true }), fc.string(), fc.boolean())), { maxLength: 4 })
  .map((choices) => Object.fromEntries(choices));

const weightSpec: fc.Arbitrary<WeightSpec> = fc.record(
  {
    input: fc.nat({ max: 8 }),
    bcr: fc.record(
      { blockRows: extent, blockColumns: extent, rate: fc.double({ noNaN: true }) },
      { noNullPrototype: true },
    ),
    schedule,
  },
  { noNullPrototype: true, requiredKeys: ['input'] },
);

const node: fc.Arbitrary<Node> = fc.record(
  {
    name,
    op: anyOperator,
    inputs: fc.array(fc.option(name), { maxLength: 5 }),
    outputs: fc.array(name, { maxLength: 3 }),
    weights: fc.array(weightSpec, { minLength: 1, maxLength: 3 }),
  },
  { noNullPrototype: true, requiredKeys: ['name', 'op', 'inputs', 'outputs'] },
);

const state: fc.Arbitrary<State> = fc.record(
  { name, shape, input: name, output: name, initial: floats },
  { noNullPrototype: true, requiredKeys: ['name', 'shape', 'input', 'output'] },
);

const constant = floats.map((data) => ({ shape: [data.length], data }));

/** Graphs of every shape that the types allow, whether they mean something or not. */
export const anyGraph: fc.Arbitrary<Graph> = fc.record(
  {
    name,
    inputs: fc.array(fc.record({ name, shape }, { noNullPrototype: true }), { maxLength: 3 }),
    outputs: fc.array(fc.record({ name, value: name }, { noNullPrototype: true }), { maxLength: 3 }),
    states: fc.array(state, { maxLength: 3 }),
    constants: fc.array(fc.tuple(name, constant), { maxLength: 4 }).map((entries) => new Map(entries)),
    nodes: fc.array(node, { maxLength: 6 }),
  },
  { noNullPrototype: true },
);
