import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import workerThreads from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GrimError, loadModel } from '../src/index.ts';
import { leakyFile } from './support/leaky-model.ts';
import { sharedFile } from './support/shared-model.ts';

const x = Float32Array.of(1, 2, 3);
const y = [2, 3, 4];

/** Workers of the current test. */
let started: workerThreads.Worker[];

/** Threads of {@link started} that have not ended. */
const alive = (): number => started.filter(({ threadId }) => threadId !== -1).length;

beforeEach(() => {
  started = [];
  const { Worker } = workerThreads;
  vi.spyOn(workerThreads, 'Worker').mockImplementation(function (script, options) {
    const worker = new Worker(script, options);
    started.push(worker);
    return worker;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await Promise.all(started.map((worker) => worker.terminate()));
});

test.each([2, 3])('%d threads compute what one computes, run after run', async (threads) => {
  const model = await loadModel(sharedFile(), { threads });
  expect(model.threads).toEqual({ count: threads, reason: 'as asked for' });
  expect(alive()).toBe(threads - 1);
  const [session, other] = [model.createSession(), model.createSession()];
  for (let run = 0; run < 1000; run++)
    expect([...session.step(x.map((v) => v + run))]).toEqual(y.map((v) => v + run));
  other.step(x);
  expect(session.getState()['total']?.[0]).toBe(1000);
  expect(other.getState()['total']?.[0]).toBe(1);
  await model.close();
});

test('calls run one by one on the thread of the caller', async () => {
  const model = await loadModel(sharedFile(), { threads: 2 });
  const session = model.createSession();
  session.input('x').set(x);
  model.calls.forEach((_, index) => {
    model.runCall(session, index);
  });
  expect([...(session.run()['y'] ?? [])]).toEqual(y);
  expect(session.getState()['total']?.[0]).toBe(2);
  await model.close();
});

test('close ends the workers, and sessions say so', async () => {
  const model = await loadModel(sharedFile(), { threads: 3 });
  const session = model.createSession();
  session.step(x);
  expect(alive()).toBe(2);
  await model.close();
  expect(alive()).toBe(0);
  expect(() => session.step(x)).toThrow(new GrimError('the model is closed', { layer: 'shared' }));
  await model.close();
});

test('a model with one thread can be closed as well', async () => {
  const model = await loadModel(leakyFile());
  const session = model.createSession();
  await model.close();
  expect(() => session.step(new Float32Array(4))).toThrow('the model is closed');
});

test('one thread runs code for several', async () => {
  const model = await loadModel(sharedFile());
  expect(model.threads).toEqual({ count: 1, reason: 'as asked for' });
  expect([...model.createSession().step(x)]).toEqual(y);
  expect(started).toHaveLength(0);
});

test('no more threads start than the model is compiled for', async () => {
  const model = await loadModel(sharedFile(), { threads: 8 });
  expect(model.threads).toEqual({ count: 3, reason: 'the model is compiled for 3 threads' });
  expect([...model.createSession().step(x)]).toEqual(y);
  await model.close();
});

test.each([0, -1, 1.5, NaN])('%d threads are refused', async (threads) => {
  await expect(loadModel(sharedFile(), { threads, file: 'm.grim' })).rejects.toThrow(
    `m.grim: threads is ${threads}, not a positive integer`,
  );
});

async function reasonForOne(file = sharedFile()): Promise<string> {
  const model = await loadModel(file, { threads: 2 });
  expect(model.threads.count).toBe(1);
  expect(alive()).toBe(0);
  const [port] = model.inputs;
  model.createSession().step(new Float32Array(port?.length ?? 0));
  return model.threads.reason;
}

test('a model that is compiled for one thread says so', async () => {
  expect(await reasonForOne(leakyFile())).toBe('the model is compiled for one thread');
});

test('a page that is not cross-origin isolated is the reason', async () => {
  vi.stubGlobal('crossOriginIsolated', false);
  expect(await reasonForOne()).toBe('the page is not cross-origin isolated');
});

test('a missing SharedArrayBuffer is the reason', async () => {
  vi.stubGlobal('SharedArrayBuffer', undefined);
  expect(await reasonForOne()).toBe('SharedArrayBuffer is not available here');
});

test('a host without workers is the reason', async () => {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  vi.stubGlobal('Worker', undefined);
  expect(await reasonForOne()).toBe('workers are not available here');
});

test('workers that cannot be made are the reason, and none is left', async () => {
  const make = vi.mocked(workerThreads.Worker).getMockImplementation();
  vi.mocked(workerThreads.Worker).mockImplementation(function (script, options) {
    if (started.length > 0) throw new Error('no more threads');
    return Reflect.construct(make ?? Object, [script, options]) as workerThreads.Worker;
  });
  const model = await loadModel(sharedFile(), { threads: 3 });
  expect(model.threads).toEqual({ count: 1, reason: 'workers cannot start: no more threads' });
  expect(started).toHaveLength(1);
  expect(alive()).toBe(0);
});

test('workers that end before they are ready are the reason', async () => {
  const { Worker } = await vi.importActual<typeof workerThreads>('node:worker_threads');
  vi.mocked(workerThreads.Worker).mockImplementation(function () {
    const worker = new Worker('process.exit()', { eval: true });
    started.push(worker);
    return worker;
  });
  expect(await reasonForOne()).toBe('workers cannot start: the worker ended');
});

test('code that does not start a second time is the reason', async () => {
  // The first thread to start writes a word that makes the second one trap.
  const once = `(func $first
    (if (i32.atomic.rmw.add (i32.const 100) (i32.const 1)) (then (unreachable))))
  (start $first)
  (func $increment0`;
  expect(await reasonForOne(sharedFile((text) => text.replace('(func $increment0', once)))).toBe(
    'workers cannot start: RuntimeError: unreachable',
  );
});

test('a trap in a worker ends the run, and nothing runs after it', async () => {
  const model = await loadModel(sharedFile(), { threads: 2 });
  const session = model.createSession();
  expect(() => session.step(Float32Array.of(1, NaN, 3))).toThrow('a worker of the model trapped');
  expect(() => session.step(x)).toThrow('the last run of this session did not finish');
  session.reset();
  expect(() => session.step(x)).toThrow('a thread of this model trapped; load it again');
  await model.close();
  expect(alive()).toBe(0);
});

test('a trap in a worker wakes threads that sleep until the others arrive', async () => {
  // Every thread sleeps until all have arrived; the one that traps gives the others time to fall asleep.
  const sleeping = (text: string): string =>
    text
      .replace('(then (unreachable))', '(then (call $pause) (unreachable))')
      .replace(
        /\(if \(i32\.eqz \(local\.get \$thread\)\) \(then\s+\(loop[^]*$/,
        `(loop $again
          (local.set $count (i32.atomic.load (i32.const 128)))
          (if (i32.lt_s (local.get $count) (local.get $threads)) (then
            (drop (memory.atomic.wait32 (i32.const 128) (local.get $count) (i64.const -1)))
            (br $again))))
        (drop (memory.atomic.notify (i32.const 128) (i32.const -1))))
      (func $pause (local $turns i32)
        (loop $again
          (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
          (br_if $again (i32.lt_u (local.get $turns) (i32.const 10000000))))))`,
      )
      .replace('(param $maySleep i32)', '(param $maySleep i32) (local $count i32)');
  const model = await loadModel(sharedFile(sleeping), { threads: 3 });
  const session = model.createSession();
  expect(() => session.step(Float32Array.of(1, NaN, 3))).toThrow('a worker of the model trapped');
  session.reset();
  expect(() => session.step(x)).toThrow('a thread of this model trapped; load it again');
  await model.close();
  expect(alive()).toBe(0);
});

test('a worker that ended is not waited for', async () => {
  const model = await loadModel(sharedFile(), { threads: 3 });
  const session = model.createSession();
  session.step(x);
  await started[1]?.terminate();
  expect(() => session.step(x)).toThrow('a worker of this model ended; load it again');
  await model.close();
  expect(alive()).toBe(0);
});

test('code that gives up waiting for a worker is an error, and nothing runs after it', async () => {
  const parameters = '(param $a i32) (param $b i32) (param $c i32) (result i32)';
  const givingUp = (text: string): string =>
    text.replace(
      '(func (export "runPart")',
      `(func (export "runPart") ${parameters}
        (call $part (local.get $a) (local.get $b) (local.get $c))
        (i32.eqz (local.get $a)))
      (func $part`,
    );
  const model = await loadModel(sharedFile(givingUp), { threads: 2 });
  const session = model.createSession();
  const refusal = new GrimError('a worker of this model does not answer; load it again');
  expect(() => session.step(x)).toThrow(refusal);
  session.reset();
  expect(() => session.step(x)).toThrow(refusal);
  await model.close();
  expect(alive()).toBe(0);
});

test('models that are loaded and closed many times leave no worker', async () => {
  for (let time = 0; time < 20; time++) {
    const model = await loadModel(sharedFile(), { threads: 3 });
    expect([...model.createSession().step(x)]).toEqual(y);
    await model.close();
  }
  expect(started).toHaveLength(40);
  expect(alive()).toBe(0);
});

test('a trap in the thread of the caller does not leave workers waiting', async () => {
  const model = await loadModel(sharedFile(), { threads: 2 });
  const session = model.createSession();
  expect(() => session.step(Float32Array.of(NaN, 2, 3))).toThrow(WebAssembly.RuntimeError);
  await model.close();
  expect(alive()).toBe(0);
});

test('workers do not keep a process alive', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'grim-threads-'));
  const file = join(folder, 'shared.grim');
  await writeFile(file, sharedFile());
  const loader = new URL('../../../tools/typescript/src/register.mjs', import.meta.url).href;
  const program = fileURLToPath(new URL('support/run-shared.ts', import.meta.url));
  // It does not close its model. A process that is killed after a minute makes this reject.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@grim/source', `--import=${loader}`, program, file],
    { timeout: 60_000 },
  );
  await rm(folder, { recursive: true });
  expect(JSON.parse(stdout)).toEqual({ threads: { count: 2, reason: 'as asked for' }, result: y });
}, 90_000);
