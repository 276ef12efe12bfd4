import { beforeAll, describe, expect, it } from 'vitest';

import {
  evaluateGraph,
  writeArtefact,
  type CustomImplementation,
  type CustomOperator,
  type Graph,
  type Node,
} from '@grim/ir';
import { loadModel } from '@grim/runtime';

import { assemble, compileGraph, type CompileOptions } from '../src/index.ts';

/**
 * Operators as a linker makes them, with everything that must not meet what is generated: names, a stack, data, a table. `scaled` is
 * y = attribute · x + its own constant, by way of the stack; `swapped` gives its operands in the other order, and copies of NULL are 0.
 */
const operatorText = `(module $operators
  (import "env" "memory" (memory 2))
  (type $binary (func (param f32 f32) (result f32)))
  (global $__stack_pointer (mut i32) (i32.const 65536))
  (global $heap i32 (i32.const 65600))
  (data (i32.const 65552) "\\00\\00\\28\\41$heap")
  (table $0 2 2 funcref)
  (elem $0 (i32.const 1) $add)
  (export "__heap_base" (global $heap))
  (export "scaled" (func $run))
  (export "swapped" (func $swap))
  (export "wrong" (func $add))
  (func $add (param $0 f32) (param $1 f32) (result f32) (f32.add (local.get $0) (local.get $1)))
  (func $count (param $shape i32) (result i32)
    (local $axis i32) (local $count i32)
    (local.set $count (i32.const 1))
    (block $end (loop $again
      (br_if $end (i32.ge_s (local.get $axis) (i32.load (local.get $shape))))
      (local.set $axis (i32.add (local.get $axis) (i32.const 1)))
      (local.set $count (i32.mul (local.get $count)
        (i32.load (i32.add (local.get $shape) (i32.shl (local.get $axis) (i32.const 2))))))
      (br $again)))
    (local.get $count))
  (func $run (param $x i32) (param $y i32) (param $shapes i32) (param $attributes i32)
    (local $end i32) (local $frame i32)
    (local.set $frame (i32.sub (global.get $__stack_pointer) (i32.const 16)))
    (global.set $__stack_pointer (local.get $frame))
    (local.set $end (i32.add (local.get $x) (i32.shl (call $count (local.get $shapes)) (i32.const 2))))
    (loop $again
      (f32.store (local.get $frame)
        (f32.mul (f32.load (local.get $x)) (f32.demote_f64 (f64.load (local.get $attributes)))))
      (f32.store (local.get $y) (call_indirect $0 (type $binary)
        (f32.load (local.get $frame)) (f32.load (i32.const 65552)) (i32.const 1)))
      (local.set $x (i32.add (local.get $x) (i32.const 4)))
      (local.set $y (i32.add (local.get $y) (i32.const 4)))
      (br_if $again (i32.lt_u (local.get $x) (local.get $end))))
    (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 16))))
  (func $copy (param $from i32) (param $to i32)
    (f32.store (local.get $to)
      (if (result f32) (local.get $from) (then (f32.load (local.get $from))) (else (f32.const 0)))))
  (func $swap (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $shapes i32) (param $none i32)
    (if (local.get $none) (then (unreachable)))
    (call $copy (local.get $b) (local.get $c))
    (call $copy (local.get $a) (local.get $d)))
)`;

const operators: Readonly<Record<string, CustomImplementation>> = {
  scaled: ([x], { attributes, outputShapes }) => {
    const scale = attributes[0]?.values[0] ?? NaN;
    return [
      {
        shape: outputShapes[0] ?? [],
        data: (x?.data ?? new Float32Array()).map((value) => scale * value + 10.5),
      },
    ];
  },
  swapped: ([a, b]) =>
    [b, a].map((tensor) => ({ shape: [], data: tensor?.data.slice(0, 1) ?? Float32Array.of(0) })),
};

const scaled = (shape: readonly number[], scale = 3): CustomOperator => ({
  kind: 'custom',
  function: 'scaled',
  attributes: [{ name: 'scale', values: [scale] }],
  outputShapes: [shape],
});

const swapped: CustomOperator = {
  kind: 'custom',
  function: 'swapped',
  attributes: [],
  outputShapes: [[], []],
};

const node = (name: string, op: Node['op'], inputs: Node['inputs'], outputs: readonly string[]): Node => ({
  name,
  op,
  inputs,
  outputs,
});

/** Between layers of ours, on a part of a value that is not dense, with states, constants as operands, and absent ones. */
const graph: Graph = {
  name: 'with operators',
  inputs: [{ name: 'x', shape: [1, 4, 6] }],
  outputs: [
    { name: 'y', value: 'y' },
    { name: 'first', value: 'first' },
    { name: 'second', value: 'second' },
    { name: 'third', value: 'third' },
  ],
  states: [{ name: 'sum', shape: [1, 4, 3], input: 'before', output: 'after' }],
  constants: new Map([
    ['w', { shape: [4, 4, 3], data: Float32Array.from({ length: 48 }, (_, index) => Math.sin(index)) }],
    ['one', { shape: [], data: Float32Array.of(1) }],
  ]),
  nodes: [
    node('part', { kind: 'slice', starts: [0, 0, 1], sizes: [1, 4, 3], steps: [1, 1, 2] }, ['x'], ['part']),
    node('scale', scaled([1, 4, 3]), ['part'], ['scaled']),
    node('add', { kind: 'binary', function: 'add' }, ['scaled', 'before'], ['after']),
    node('scale again', scaled([1, 4, 3], -0.5), ['after'], ['twice']),
    node(
      'conv',
      {
        kind: 'conv',
        strides: [1],
        padsBegin: [1],
        padsEnd: [1],
        dilations: [1],
        groups: 1,
      },
      ['twice', 'w'],
      ['y'],
    ),
    node('mean', { kind: 'reduce', function: 'mean', axes: [0, 1, 2], keepDims: false }, ['y'], ['mean']),
    node('swap', swapped, ['one', 'mean'], ['first', 'second']),
    node('swap nothing', swapped, [null, 'mean'], ['third', 'fourth']),
  ],
};

const frames = [1, 2].map((frame) =>
  Float32Array.from({ length: 24 }, (_, index) => Math.cos(frame * index)),
);

let module: Uint8Array;
beforeAll(async () => {
  module = await assemble(operatorText);
});

describe('custom operators that are linked to a model', () => {
  it.each<[string, CompileOptions]>([
    ['on one thread', {}],
    ['where other calls are shared by threads', { threads: 2, leastPart: 1 }],
    ['in both variants', { relaxedSimd: true }],
  ])('compute what their implementation does: %s', async (_, options) => {
    const program = await compileGraph(graph, { ...options, operators: module });
    const provenance = { grimVersion: '0.1.0', options: {} };
    const model = await loadModel(writeArtefact({ ...program, provenance }), {
      threads: options.threads ?? 1,
    });
    expect(model.threads.count).toBe(options.threads ?? 1);
    const session = model.createSession();
    let states: Record<string, Float32Array> = {};
    for (const x of frames) {
      const expected = evaluateGraph(graph, { inputs: { x }, states, operators });
      states = expected.states;
      const actual = session.run({ x });
      for (const [name, values] of Object.entries(expected.outputs)) {
        values.forEach((value, index) => {
          expect(actual[name]?.[index], name).toBeCloseTo(value, 4);
        });
      }
    }
    await model.close();
  });

  it('leave the code of models without them as it was', async () => {
    const plain = {
      ...graph,
      nodes: graph.nodes.slice(0, 1),
      states: [],
      outputs: [{ name: 'y', value: 'part' }],
    };
    const { plan, code } = await compileGraph(plain);
    expect(plan.imageOffset).toBe(0);
    expect(Buffer.from(code).includes('operators')).toBe(false);
  });
});

describe('operators that cannot be linked', () => {
  const one = (op: CustomOperator): Graph => ({
    ...graph,
    nodes: [node('own', op, ['x'], ['y'])],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
  });
  const compiled = async (text: string): Promise<unknown> =>
    compileGraph(one(scaled([1, 4, 6])), { operators: await assemble(text) });
  /** A module with one function that is right, and something else. */
  const withPart = (part: string, body = ''): string => `(module
    ${part.startsWith('(import') ? part : ''}
    (import "env" "memory" (memory 2))
    ${part.startsWith('(import') ? '' : part}
    (global $heap i32 (i32.const 65536))
    (export "__heap_base" (global $heap))
    (func (export "scaled") (param i32 i32 i32 i32) ${body})
  )`;

  it('are not given', async () => {
    await expect(compileGraph(graph)).rejects.toThrow('scale: calls scaled, and no operators are given');
  });

  it('are of other names and signatures', async () => {
    const call = (op: Partial<CustomOperator>): Promise<unknown> =>
      compileGraph(one({ ...scaled([1, 4, 6]), ...op }), { operators: module });
    await expect(call({ function: 'missing' })).rejects.toThrow(
      'own: calls missing, which the operators do not export',
    );
    await expect(call({ function: 'wrong' })).rejects.toThrow(
      'own: calls wrong with 4 pointers, but it takes (f32 f32 → f32): see grim_operator.h',
    );
    await expect(call({ outputShapes: [[1], [1]] })).rejects.toThrow(
      'own: calls scaled with 5 pointers, but it takes (i32 i32 i32 i32)',
    );
  });

  it('are called in two ways', async () => {
    const nodes = [node('one', scaled([1]), ['x'], ['y']), node('other', scaled([1]), ['x', 'y'], ['z'])];
    await expect(compileGraph({ ...one(scaled([1])), nodes }, { operators: module })).rejects.toThrow(
      'other: calls scaled with 2 operand(s) and 1 result(s), but one with 1 operand(s) and 1 result(s)',
    );
  });

  it('are no module', async () => {
    await expect(compileGraph(one(scaled([1])), { operators: new Uint8Array(8) })).rejects.toThrow(
      'operators: are no valid module',
    );
  });

  it.each([
    [
      'call wasi.fd_write, and a model can call nothing outside itself',
      withPart('(import "wasi" "fd_write" (func))'),
    ],
    ['allocate memory, as malloc does', withPart('', '(drop (memory.grow (i32.const 1)))')],
    ['allocate memory, as malloc does', withPart('', '(drop (memory.size))')],
    [
      'export one function as again and more',
      withPart('(export "again" (func $f)) (export "more" (func $f)) (func $f)'),
    ],
    [
      'do not import their memory',
      '(module (memory 1) (global $heap i32 (i32.const 0)) (export "__heap_base" (global $heap)) (func (export "scaled")))',
    ],
    ['do not export __heap_base', '(module (import "env" "memory" (memory 1)) (func (export "scaled")))'],
    ['are compiled for threads', withPart('').replace('(memory 2)', '(memory 2 2 shared)')],
  ])('%s', async (problem, text) => {
    await expect(compiled(text)).rejects.toThrow(problem);
  });
});
