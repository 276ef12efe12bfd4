import { gruGates, type GruGatesProblem } from '../families/gru-gates.ts';
import { lstmGates } from '../families/lstm-gates.ts';
import {
  lowered,
  randomFloats,
  unwritten,
  type KernelBenchmark,
  type KernelCase,
  type RandomElements,
} from './kernel-case.ts';

const sigmoid = { function: 'sigmoid' } as const;
const tanh = { function: 'tanh' } as const;
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Unit counts around a vector. */
const unitCounts = [1, 3, 4, 5, 8, 13] as const;

/** The plain definition. */
function plainLstm(gates: Float32Array, cell: Float32Array): { newCell: Float32Array; output: Float32Array } {
  const hidden = cell.length;
  const newCell = new Float32Array(hidden);
  const output = new Float32Array(hidden);
  for (let unit = 0; unit < hidden; unit++) {
    const input = logistic(gates[unit] ?? 0);
    const shown = logistic(gates[hidden + unit] ?? 0);
    const forget = logistic(gates[2 * hidden + unit] ?? 0);
    const value = forget * (cell[unit] ?? 0) + input * Math.tanh(gates[3 * hidden + unit] ?? 0);
    newCell[unit] = value;
    output[unit] = shown * Math.tanh(value);
  }
  return { newCell, output };
}

function lstmCase(hidden: number, random: RandomElements): KernelBenchmark {
  const gates = randomFloats(4 * hidden, random);
  const cell = randomFloats(hidden, random);
  const plain = (): { newCell: Float32Array; output: Float32Array } => plainLstm(gates, cell);
  return {
    name: `${String(hidden)} units`,
    ...lowered(lstmGates, {
      element: random.element,
      hidden,
      gateStep: hidden * random.floats.bytes,
      activations: [sigmoid, tanh, tanh],
    }),
    buffers: { gates, cell, newCell: unwritten(hidden), output: unwritten(hidden) },
    expected: plain(),
    plain,
    // Five functions, a product that is added, and two products.
    usefulOperations: 9 * hidden,
  };
}

/** LSTM gates of one step. */
export function* lstmGatesCases(random: RandomElements): Iterable<KernelCase> {
  for (const hidden of unitCounts) yield lstmCase(hidden, random);
}

/** Hidden sizes of networks for speech. */
export function* lstmGatesBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  for (const hidden of [128, 1024]) yield lstmCase(hidden, random);
}

/** The plain definition. */
function plainGru(
  part: GruGatesProblem['part'],
  input: Float32Array,
  recurrent: Float32Array,
  state: Float32Array,
): { output: Float32Array } {
  const hidden = state.length;
  const output = new Float32Array(hidden);
  for (let unit = 0; unit < hidden; unit++) {
    const toUpdate = (input[unit] ?? 0) + (recurrent[unit] ?? 0);
    const toReset = (input[hidden + unit] ?? 0) + (recurrent[hidden + unit] ?? 0);
    const h = state[unit] ?? 0;
    const fromState = recurrent[2 * hidden + unit] ?? 0;
    const fromInput = input[2 * hidden + unit] ?? 0;
    if (part === 'reset') {
      output[unit] = logistic(toReset) * h;
      continue;
    }
    const sum = fromInput + (part === 'linear' ? logistic(toReset) * fromState : fromState);
    const update = logistic(toUpdate);
    output[unit] = (1 - update) * Math.tanh(sum) + update * h;
  }
  return { output };
}

function gruCase(hidden: number, part: GruGatesProblem['part'], random: RandomElements): KernelBenchmark {
  const input = randomFloats(3 * hidden, random);
  const recurrent = randomFloats(3 * hidden, random);
  const state = randomFloats(hidden, random);
  const plain = (): { output: Float32Array } => plainGru(part, input, recurrent, state);
  return {
    name: `${part}, ${String(hidden)} units`,
    ...lowered(gruGates, {
      element: random.element,
      hidden,
      gateStep: hidden * random.floats.bytes,
      part,
      activations: [sigmoid, tanh],
    }),
    buffers: { input, recurrent, hidden: state, output: unwritten(hidden) },
    expected: plain(),
    plain,
    // A sum, its function and a product, or both gates, the candidate and their mixture.
    usefulOperations: { reset: 3, update: 8, linear: 11 }[part] * hidden,
  };
}

/** GRU gates of one step, all three parts. */
export function* gruGatesCases(random: RandomElements): Iterable<KernelCase> {
  for (const hidden of unitCounts) {
    for (const part of ['linear', 'reset', 'update'] as const) yield gruCase(hidden, part, random);
  }
}

/** Hidden sizes of networks for speech. */
export function* gruGatesBenchmarks(random: RandomElements): Iterable<KernelBenchmark> {
  for (const hidden of [128, 1024]) yield gruCase(hidden, 'linear', random);
}
