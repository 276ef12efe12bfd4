import type { VadSession } from '../../src/index.ts';

/**
 * A double with state, for framing and state logic only: its output depends on every input sample, on their places and
 * on all earlier steps.
 */
export function mixingSession(): VadSession & { readonly inputs: Float32Array[] } {
  const memory = new Float32Array(1);
  const output = new Float32Array(1);
  const inputs: Float32Array[] = [];
  return {
    inputs,
    step: (input) => {
      inputs.push(input.slice());
      const sum = input.reduce((total, sample, index) => total + sample * ((index % 7) + 1), 0);
      memory[0] = Math.fround((memory[0] ?? 0) * 0.5 + sum);
      output[0] = 0.5 + 0.5 * Math.sin(memory[0]);
      return output;
    },
    reset: () => {
      memory[0] = 0;
    },
    getState: () => ({ memory: memory.slice() }),
    setState: (state) => {
      memory.set(state['memory'] ?? new Float32Array(1));
    },
  };
}
