import type { Program } from '@grim/kernels';

import { stagesOf } from './stages.ts';

/** Turns of the loop that watches a word before the thread sleeps: some tens of microseconds. */
const WATCHING_TURNS = 1 << 14;

/** How long a thread sleeps while no other arrives before it gives up, in nanoseconds: a minute, as no part takes so long. */
const PATIENCE_NANOSECONDS = 60_000_000_000n;

/** Turns of that loop without a new arrival before a thread that may not sleep gives up: some seconds. */
const PATIENCE_TURNS = 2 ** 32 - 1;

/**
 * The function `runPart`, which every thread of a run calls with its number, the number of threads, and whether it may
 * sleep (the main thread of a page may not). Calls of a stage are dealt out by position, so which thread runs a call
 * depends on nothing but the number of threads.
 *
 * Threads wait for each other between stages by counting: a word, zero when a run starts, counts arrivals, and after
 * stage n all threads have arrived once it reaches n times the number of threads. Thread 0 also waits after the last stage,
 * the others leave and do not look at the word again, so that the next run can start from zero.
 *
 * A thread that died never arrives. One that waits for it gives up when nobody has arrived for long, and `runPart` returns 1
 * instead of 0.
 *
 * @param arrivals - Byte address of the word.
 * @param entryName - Name of the function that runs the call at a position in `program.calls`.
 */
export function renderThreads(
  program: Program,
  arrivals: number,
  entryName: (index: number) => string,
): string {
  const word = `(i32.const ${String(arrivals)})`;
  const stages = stagesOf(program).map(({ shared, calls }) =>
    shared
      ? calls.map(
          (call, position) =>
            `    (if (i32.eq (i32.rem_u (i32.const ${String(position)}) (local.get $threads)) (local.get $thread)) (then (call $${entryName(call)})))`,
        )
      : [
          '    (if (i32.eqz (local.get $thread)) (then',
          ...calls.map((call) => `      (call $${entryName(call)})`),
          '    ))',
        ],
  );
  const wait = (stage: number): string =>
    `(if (call $wait ${target(stage)} (local.get $maySleep)) (then (return (i32.const 1))))`;
  const target = (stage: number): string => `(i32.mul (i32.const ${String(stage)}) (local.get $threads))`;
  return [
    '  ;; counts this thread; the one that completes the target wakes those that sleep',
    '  (func $arrive (param $target i32)',
    `    (if (i32.eq (i32.add (i32.atomic.rmw.add ${word} (i32.const 1)) (i32.const 1)) (local.get $target))`,
    `      (then (drop (memory.atomic.notify ${word} (i32.const -1)))))`,
    '  )',
    '  ;; watches the count for a while, then sleeps until it changes, if it may; 1 when it gives up',
    '  (func $wait (param $target i32) (param $maySleep i32) (result i32)',
    '    (local $before i32)',
    '    (local $count i32)',
    '    (local $turns i32)',
    '    (loop $again',
    `      (if (i32.ge_s (local.tee $count (i32.atomic.load ${word})) (local.get $target)) (then (return (i32.const 0))))`,
    '      (if (i32.ne (local.get $count) (local.get $before)) (then',
    '        (local.set $before (local.get $count))',
    '        (local.set $turns (i32.const 0))))',
    '      (local.set $turns (i32.add (local.get $turns) (i32.const 1)))',
    `      (br_if $again (i32.lt_u (local.get $turns) (i32.const ${String(WATCHING_TURNS)})))`,
    '      (if (local.get $maySleep)',
    '        (then',
    '          ;; 2: slept all that time',
    `          (br_if $again (i32.ne (memory.atomic.wait32 ${word} (local.get $count) (i64.const ${String(PATIENCE_NANOSECONDS)})) (i32.const 2)))`,
    `          (br_if $again (i32.ne (i32.atomic.load ${word}) (local.get $count))))`,
    `        (else (br_if $again (i32.lt_u (local.get $turns) (i32.const ${String(PATIENCE_TURNS)})))))`,
    '      (return (i32.const 1)))',
    '    (unreachable)',
    '  )',
    '  (func (export "runPart") (param $thread i32) (param $threads i32) (param $maySleep i32) (result i32)',
    ...stages.flatMap((lines, index) =>
      index === 0 ? lines : [`    (call $arrive ${target(index)})`, `    ${wait(index)}`, ...lines],
    ),
    `    (call $arrive ${target(stages.length)})`,
    `    (if (i32.eqz (local.get $thread)) (then ${wait(stages.length)}))`,
    '    (i32.const 0)',
    '  )',
  ].join('\n');
}
