import { gruGates, type GruGatesProblem } from '../families/gru-gates.ts';
import { lowerKernel } from '../families/family.ts';
import { lstmGates } from '../families/lstm-gates.ts';
import { randomFloats, unwritten, type KernelCase } from './kernel-case.ts';

const sigmoid = { function: 'sigmoid' } as const;
const tanh = { function: 'tanh' } as const;
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Unit counts around a vector. */
const unitCounts = [1, 3, 4, 5, 8, 13] as const;

/** LSTM gates of one step. */
export function* lstmGatesCases(random: () => number): Iterable<KernelCase> {
  for (const hidden of unitCounts) {
    const gates = randomFloats(4 * hidden, random);
    const cell = randomFloats(hidden, random);
    const at = (gate: number, unit: number): number => gates[gate * hidden + unit] ?? 0;
    const newCell = Float32Array.from(
      { length: hidden },
      (_, unit) => logistic(at(2, unit)) * (cell[unit] ?? 0) + logistic(at(0, unit)) * Math.tanh(at(3, unit)),
    );
    const output = Float32Array.from(newCell, (value, unit) => logistic(at(1, unit)) * Math.tanh(value));
    yield {
      name: `${String(hidden)} units`,
      kernel: lowerKernel(lstmGates, { hidden, activations: [sigmoid, tanh, tanh] }),
      buffers: { gates, cell, newCell: unwritten(hidden), output: unwritten(hidden) },
      expected: { newCell, output },
    };
  }
}

function gruCase(hidden: number, part: GruGatesProblem['part'], random: () => number): KernelCase {
  const input = randomFloats(3 * hidden, random);
  const recurrent = randomFloats(3 * hidden, random);
  const state = randomFloats(hidden, random);
  const both = (gate: number, unit: number): number =>
    (input[gate * hidden + unit] ?? 0) + (recurrent[gate * hidden + unit] ?? 0);
  const output = Float32Array.from(state, (h, unit) => {
    const reset = logistic(both(1, unit));
    if (part === 'reset') return reset * h;
    const fromState = recurrent[2 * hidden + unit] ?? 0;
    const sum = (input[2 * hidden + unit] ?? 0) + (part === 'linear' ? reset * fromState : fromState);
    const update = logistic(both(0, unit));
    return (1 - update) * Math.tanh(sum) + update * h;
  });
  return {
    name: `${part}, ${String(hidden)} units`,
    kernel: lowerKernel(gruGates, { hidden, part, activations: [sigmoid, tanh] }),
    buffers: { input, recurrent, hidden: state, output: unwritten(hidden) },
    expected: { output },
  };
}

/** GRU gates of one step, all three parts. */
export function* gruGatesCases(random: () => number): Iterable<KernelCase> {
  for (const hidden of unitCounts) {
    for (const part of ['linear', 'reset', 'update'] as const) yield gruCase(hidden, part, random);
  }
}
