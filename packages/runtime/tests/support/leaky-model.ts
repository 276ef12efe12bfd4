import { writeArtefact, type Artefact, type Plan } from '@grim/ir';
import { assemble } from './assemble.ts';

/**
 * A leaky integrator over four channels: `s ← s / 2 + x`, then `y = s · w` with `w` in the constant image.
 *
 * The first call updates the state, the second computes the output.
 */
export const leakyText = `(module
  (import "env" "memory" (memory 1))
  (func $update (export "update")
    (v128.store offset=64 (i32.const 0) (f32x4.add
      (f32x4.mul (v128.load offset=64 (i32.const 0)) (v128.const f32x4 0.5 0.5 0.5 0.5))
      (v128.load offset=32 (i32.const 0)))))
  (func $weigh (export "weigh")
    (v128.store offset=48 (i32.const 0) (f32x4.mul
      (v128.load offset=64 (i32.const 0)) (v128.load offset=16 (i32.const 0)))))
  (func (export "run") (call $update) (call $weigh)))`;

/** Weights of the four channels. */
export const leakyWeights = Float32Array.of(1, 2, -3, 0.25);

/** State before the first run. */
export const leakyInitial = Float32Array.of(0, 0, 8, 0);

export const leakyPlan: Plan = {
  model: 'leaky',
  memoryBytes: 80,
  imageOffset: 16,
  inputs: [{ name: 'x', shape: [1, 4], offset: 32 }],
  outputs: [{ name: 'y', shape: [1, 4], offset: 48 }],
  states: [{ name: 's', shape: [4], offset: 64, initial: leakyInitial }],
  calls: [
    {
      entry: 'update',
      node: 'integrate',
      kernel: 'leaky_4',
      family: 'elementwise',
      path: 'dense',
      macs: 4,
      weightBytes: 0,
      result: { value: 's1', shape: [4], offset: 64, strides: [1] },
    },
    {
      entry: 'weigh',
      node: 'weigh',
      kernel: 'mul_4',
      family: 'elementwise',
      path: 'dense',
      macs: 4,
      weightBytes: 16,
    },
  ],
  features: ['simd128'],
};

/** A real `.grim` file of the integrator, with parts replaced. */
export function leakyFile(
  changes: { plan?: Partial<Plan>; text?: string; artefact?: Partial<Artefact> } = {},
): Uint8Array {
  return writeArtefact({
    plan: { ...leakyPlan, ...changes.plan },
    code: assemble(changes.text ?? leakyText),
    image: new Uint8Array(leakyWeights.buffer),
    provenance: { grimVersion: '0.1.0', options: {} },
    ...changes.artefact,
  });
}

/** What the integrator computes, step by step. */
export function leakyReference(frames: readonly Float32Array[]): { outputs: number[][]; state: number[] } {
  let state = [...leakyInitial];
  const outputs = frames.map((frame) => {
    state = state.map((value, channel) => Math.fround(Math.fround(value / 2) + (frame[channel] ?? 0)));
    return state.map((value, channel) => Math.fround(value * (leakyWeights[channel] ?? 0)));
  });
  return { outputs, state };
}
