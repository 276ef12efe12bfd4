import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GrimError, loadModel, type Session, type StridedView } from '../src/index.ts';
import { leakyFile, leakyPlan, leakyReference } from './support/leaky-model.ts';

test('a model describes itself', async () => {
  const model = await loadModel(leakyFile());
  expect(model.name).toBe('leaky');
  expect(model.inputs).toEqual([{ name: 'x', shape: [1, 4], length: 4 }]);
  expect(model.outputs).toEqual([{ name: 'y', shape: [1, 4], length: 4 }]);
  expect(model.states).toEqual([{ name: 's', shape: [4], length: 4 }]);
  expect(model.plan).toEqual(leakyPlan);
  expect(model.calls).toEqual(leakyPlan.calls);
  expect(model.memoryBytes).toBe(65_536);
});

test('calls one at a time are a run, and results can be read between them', async () => {
  const model = await loadModel(leakyFile());
  const whole = model.createSession();
  const byCall = model.createSession();
  const frame = Float32Array.of(1, 2, 3, 4);
  const expected = leakyReference([frame, frame]);
  whole.step(frame);
  byCall.step(frame);
  byCall.input('x').set(frame);
  model.runCall(byCall, 0);
  const result = model.calls[0]?.result as StridedView;
  expect([...model.readView(result).data]).toEqual(expected.state);
  model.runCall(byCall, 1);
  expect([...model.readView({ value: 'y', shape: [4], offset: 48, strides: [1] }).data]).toEqual(
    expected.outputs[1],
  );
  expect(byCall.getState()).toEqual({ s: Float32Array.from(expected.state) });
  expect([...whole.step(frame)]).toEqual(expected.outputs[1]);
});

test('a call that does not exist and a session of another model are refused', async () => {
  const model = await loadModel(leakyFile());
  const other = await loadModel(leakyFile());
  const session = model.createSession();
  for (const index of [-1, 2, 0.5, NaN]) {
    expect(() => {
      model.runCall(session, index);
    }).toThrow(new GrimError(`the model has no call ${index}, it has 2`));
  }
  for (const stranger of [other.createSession(), {} as Session]) {
    expect(() => {
      model.runCall(stranger, 0);
    }).toThrow(new GrimError('the session belongs to another model', { layer: 'leaky' }));
  }
});

test('views are read in any layout', async () => {
  const model = await loadModel(leakyFile());
  const session = model.createSession();
  // Linear memory as floats, written through the one port that is open.
  session.input('x').set([1, 2, 3, 4]);
  const view = (shape: number[], strides: number[], element = 0): StridedView => ({
    value: 'x',
    shape,
    strides,
    offset: 32 + 4 * element,
  });
  expect(model.readView(view([2, 2], [2, 1]))).toEqual({ shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  expect([...model.readView(view([2, 2], [1, 2])).data]).toEqual([1, 3, 2, 4]);
  expect([...model.readView(view([4], [-1], 3)).data]).toEqual([4, 3, 2, 1]);
  expect([...model.readView(view([3, 2], [0, 3])).data]).toEqual([1, 4, 1, 4, 1, 4]);
  expect([...model.readView(view([], [], 2)).data]).toEqual([3]);
  expect([...model.readView(view([0, 4], [4, 1])).data]).toEqual([]);
});

test('a view is what indexing its strides gives', async () => {
  const model = await loadModel(leakyFile());
  const session = model.createSession();
  const input = session.input('x');
  const memory = new Float32Array(input.buffer);
  memory.forEach((_value, index) => (memory[index] = index));
  const dimension = fc.record({
    extent: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: -20, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(dimension, { maxLength: 4 }), (dimensions) => {
      let expected = [1000];
      for (const { extent, stride } of dimensions) {
        expected = expected.flatMap((start) =>
          Array.from({ length: extent }, (_, index) => start + index * stride),
        );
      }
      const read = model.readView({
        value: 'v',
        shape: dimensions.map(({ extent }) => extent),
        strides: dimensions.map(({ stride }) => stride),
        offset: 4000,
      });
      expect([...read.data]).toEqual(expected);
    }),
  );
});

test.each<[string, Partial<StridedView>]>([
  ['past the end', { offset: 65_536 }],
  ['across the end', { offset: 65_528, shape: [4], strides: [1] }],
  ['before the beginning', { offset: 0, shape: [2], strides: [-1] }],
  ['off alignment', { offset: 2 }],
  ['larger than memory', { shape: [65_536], strides: [0] }],
  ['with too few strides', { shape: [2, 2], strides: [1] }],
])('a view %s is refused', async (_case, change) => {
  const model = await loadModel(leakyFile());
  const view = { value: 'v', shape: [1], strides: [1], offset: 0, ...change };
  expect(() => model.readView(view)).toThrow(GrimError);
  expect(() => model.readView(view)).toThrow(
    /^value v \[.*\] with strides \[.*\] at byte \d+ lies outside linear memory$/,
  );
});
