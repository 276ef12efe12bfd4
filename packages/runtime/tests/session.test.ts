import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GrimError, loadModel, type Model, type Session } from '../src/index.ts';
import { leakyFile, leakyInitial, leakyReference, leakyText } from './support/leaky-model.ts';

const frames = fc.array(fc.float32Array({ minLength: 4, maxLength: 4, noNaN: true, min: -1e6, max: 1e6 }), {
  maxLength: 6,
});

function outputsOf(session: Session, inputs: readonly Float32Array[]): number[][] {
  return inputs.map((input) => [...session.step(input)]);
}

test('steps carry state as the reference does', async () => {
  const model = await loadModel(leakyFile());
  fc.assert(
    fc.property(frames, (inputs) => {
      const session = model.createSession();
      expect(outputsOf(session, inputs)).toEqual(leakyReference(inputs).outputs);
    }),
  );
});

test('interleaved sessions give what each gives alone', async () => {
  const model = await loadModel(leakyFile());
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(2), fc.float32Array({ minLength: 4, maxLength: 4, noNaN: true }))),
      (steps) => {
        const sessions = [model.createSession(), model.createSession(), model.createSession()];
        const alone = new Map(sessions.map((session) => [session, [] as Float32Array[]]));
        const together = steps.map(([index, frame]) => {
          const session = sessions[index] as Session;
          alone.get(session)?.push(frame);
          return [session, [...session.step(frame)]] as const;
        });
        for (const [session, inputs] of alone) {
          const got = together.filter(([owner]) => owner === session).map(([, output]) => output);
          expect(got).toEqual(leakyReference(inputs).outputs);
          expect([...(session.getState()['s'] ?? [])]).toEqual(leakyReference(inputs).state);
        }
      },
    ),
  );
});

test('state can be taken out and put back at any step, into any session', async () => {
  const model = await loadModel(leakyFile());
  fc.assert(
    fc.property(frames, frames, (before, after) => {
      const first = model.createSession();
      outputsOf(first, before);
      const state = first.getState();
      const second = model.createSession();
      second.step(Float32Array.of(1, 2, 3, 4));
      second.setState(state);
      expect(outputsOf(second, after)).toEqual(outputsOf(first, after));
    }),
  );
});

test('reset goes back to the initial state, whether the session is active or not', async () => {
  const model = await loadModel(leakyFile());
  const [first, second] = [model.createSession(), model.createSession()];
  const frame = Float32Array.of(1, 2, 3, 4);
  const fresh = [...first.step(frame)];
  first.reset();
  expect([...(first.getState()['s'] ?? [])]).toEqual([...leakyInitial]);
  expect([...first.step(frame)]).toEqual(fresh);
  second.step(frame);
  first.reset();
  expect([...first.step(frame)]).toEqual(fresh);
});

test('a state without initial values starts at zero, in a memory that another session used', async () => {
  const model = await loadModel(leakyFile({ plan: { states: [{ name: 's', shape: [4], offset: 64 }] } }));
  model.createSession().step(Float32Array.of(1, 1, 1, 1));
  expect([...model.createSession().step(Float32Array.of(0, 0, 0, 0))]).toEqual([0, 0, -0, 0]);
});

test('run, step and a written input agree, and results are the same arrays every time', async () => {
  const model = await loadModel(leakyFile());
  const frame = Float32Array.of(1, -2, 3, 4);
  const byStep = model.createSession();
  const byRun = model.createSession();
  const byView = model.createSession();
  const expected = leakyReference([frame, frame]).outputs;
  const stepped = byStep.step(frame);
  expect([...stepped]).toEqual(expected[0]);
  const run = byRun.run({ x: frame });
  expect([...(run['y'] ?? [])]).toEqual(expected[0]);
  byView.input('x').set(frame);
  const viewed = byView.run();
  expect([...(viewed['y'] ?? [])]).toEqual(expected[0]);
  expect(byStep.step(frame)).toBe(stepped);
  expect([...stepped]).toEqual(expected[1]);
  expect(byRun.run({ x: frame })).toBe(run);
  expect(run['y']).not.toBe(viewed['y']);
});

test('what a session hands out or takes is not shared with its state', async () => {
  const session = (await loadModel(leakyFile())).createSession();
  const state = session.getState();
  state['s']?.fill(100);
  expect([...(session.getState()['s'] ?? [])]).toEqual([...leakyInitial]);
  session.setState(state);
  state['s']?.fill(-100);
  expect([...(session.getState()['s'] ?? [])]).toEqual([100, 100, 100, 100]);
});

test('NaN and infinities pass through', async () => {
  const session = (await loadModel(leakyFile())).createSession();
  expect([...session.step(Float32Array.of(NaN, Infinity, -Infinity, 0))]).toEqual([
    NaN,
    Infinity,
    Infinity,
    0,
  ]);
  session.reset();
  expect([...session.step(Float32Array.of(1, 1, 1, 1))]).toEqual([1, 2, -15, 0.25]);
});

test.each<[string, (session: Session) => unknown, string]>([
  [
    'missing',
    (session) => session.run({}),
    'input x needs a Float32Array of 4 values for shape [1,4], it is missing',
  ],
  [
    'unknown',
    (session) => session.run({ x: new Float32Array(4), z: new Float32Array(1), w: new Float32Array(1) }),
    'the model has no input z, w, it has x [1,4]',
  ],
  [
    'too short',
    (session) => session.run({ x: new Float32Array(3) }),
    'input x needs a Float32Array of 4 values for shape [1,4], got Float32Array [3]',
  ],
  [
    'too long',
    (session) => session.step(new Float32Array(5)),
    'input x needs a Float32Array of 4 values for shape [1,4], got Float32Array [5]',
  ],
  [
    'of integers',
    (session) => session.step(new Int16Array(4) as unknown as Float32Array),
    'input x needs a Float32Array of 4 values for shape [1,4], got Int16Array [4]',
  ],
  ['not one of the model', (session) => session.input('q'), 'the model has no input q, it has x [1,4]'],
])('an input that is %s is refused and changes nothing', async (_case, action, problem) => {
  const session = (await loadModel(leakyFile())).createSession();
  session.input('x').fill(7);
  expect(() => action(session)).toThrow(new GrimError(problem));
  expect([...session.input('x')]).toEqual([7, 7, 7, 7]);
  expect([...(session.getState()['s'] ?? [])]).toEqual([...leakyInitial]);
});

test.each<[string, Record<string, Float32Array>, string]>([
  ['missing', {}, 'state s needs a Float32Array of 4 values for shape [4], it is missing'],
  [
    'of the wrong length',
    { s: new Float32Array(2) },
    'state s needs a Float32Array of 4 values for shape [4], got Float32Array [2]',
  ],
  ['unknown', { s: new Float32Array(4), t: new Float32Array(4) }, 'the model has no state t, it has s [4]'],
])('a state that is %s is refused and changes nothing', async (_case, state, problem) => {
  const session = (await loadModel(leakyFile())).createSession();
  expect(() => {
    session.setState(state);
  }).toThrow(new GrimError(problem));
  expect([...(session.getState()['s'] ?? [])]).toEqual([...leakyInitial]);
});

test('step is refused by a model with two outputs', async () => {
  const outputs = [
    { name: 'y', shape: [4], offset: 48 },
    { name: 'z', shape: [4], offset: 48 },
  ];
  const session = (await loadModel(leakyFile({ plan: { outputs } }))).createSession();
  expect(() => session.step(new Float32Array(4))).toThrow(
    new GrimError('step needs a model with one input and one output, this one has 1 and 2; use run'),
  );
  expect(Object.keys(session.run({ x: new Float32Array(4) }))).toEqual(['y', 'z']);
});

test('a trap is passed on, and the session works again after a reset', async () => {
  // The model traps on a negative first sample, after it has spoilt its state.
  const trapping = leakyText.replace(
    '(call $update) (call $weigh)',
    '(call $update) (if (f32.lt (f32.load offset=32 (i32.const 0)) (f32.const 0)) (then (unreachable))) (call $weigh)',
  );
  const model: Model = await loadModel(leakyFile({ text: trapping }));
  const [broken, healthy] = [model.createSession(), model.createSession()];
  const frame = Float32Array.of(1, 2, 3, 4);
  const expected = leakyReference([frame, frame]).outputs;
  healthy.step(frame);
  const bad = Float32Array.of(-1, 0, 0, 0);
  expect(() => broken.step(bad)).toThrow(WebAssembly.RuntimeError);
  expect(() => broken.step(frame)).toThrow(
    new GrimError('the last run of this session did not finish; reset it or set its state first'),
  );
  expect([...healthy.step(frame)]).toEqual(expected[1]);
  broken.reset();
  expect([...broken.step(frame)]).toEqual(expected[0]);
  expect(() => broken.step(bad)).toThrow(WebAssembly.RuntimeError);
  broken.setState({ s: leakyInitial });
  expect([...broken.step(frame)]).toEqual(expected[0]);
});
