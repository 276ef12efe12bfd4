import { writeArtefact, type Plan } from '@grim/ir';
import { assemble } from './assemble.ts';

/**
 * `y[i] = x[i] + 1` over 3 values, each of which another thread may compute, with `total` (a state) counting runs. A
 * thread that finds a NaN traps. Threads count their arrival as generated code does; this one only watches.
 */
const text = `(module
  (import "env" "memory" (memory 1 1 shared))
  (func $increment (param $at i32)
    (if (f32.ne (f32.load (local.get $at)) (f32.load (local.get $at))) (then (unreachable)))
    (f32.store offset=16 (local.get $at) (f32.add (f32.load (local.get $at)) (f32.const 1))))
  (func $count (f32.store (i32.const 32) (f32.add (f32.load (i32.const 32)) (f32.const 1))))
  (func $increment0 (export "increment0") (call $increment (i32.const 0)))
  (func $increment1 (export "increment1") (call $increment (i32.const 4)))
  (func $increment2 (export "increment2") (call $increment (i32.const 8)))
  (func (export "count") (call $count))
  (func (export "run") (call $increment0) (call $increment1) (call $increment2) (call $count))
  (func (export "runPart") (param $thread i32) (param $threads i32) (param $maySleep i32)
    (if (i32.eqz (local.get $thread)) (then (call $increment0) (call $count)))
    (if (i32.eq (local.get $thread) (i32.rem_u (i32.const 1) (local.get $threads))) (then (call $increment1)))
    (if (i32.eq (local.get $thread) (i32.rem_u (i32.const 2) (local.get $threads))) (then (call $increment2)))
    (drop (i32.atomic.rmw.add (i32.const 128) (i32.const 1)))
    (if (i32.eqz (local.get $thread)) (then
      (loop $again (br_if $again (i32.lt_s (i32.atomic.load (i32.const 128)) (local.get $threads))))))))`;

const plan: Plan = {
  model: 'shared',
  memoryBytes: 192,
  imageOffset: 0,
  inputs: [{ name: 'x', shape: [3], offset: 0 }],
  outputs: [{ name: 'y', shape: [3], offset: 16 }],
  states: [{ name: 'total', shape: [1], offset: 32 }],
  calls: ['increment0', 'increment1', 'increment2', 'count'].map((entry) => ({
    entry,
    node: entry,
    kernel: entry,
    family: 'elementwise',
    path: 'dense',
    macs: 0,
    weightBytes: 0,
  })),
  features: ['atomics'],
  threads: { count: 3, controlOffset: 64 },
};

/** A `.grim` file that up to three threads run. */
export function sharedFile(change: (text: string) => string = (same) => same): Uint8Array {
  return writeArtefact({
    plan,
    code: assemble(change(text)),
    image: new Uint8Array(0),
    provenance: { grimVersion: '0.1.0', options: {} },
  });
}
