import type { Graph, Tensor } from '@grim/ir';
import type { LossAndGradients, Trainer } from '../../src/index.ts';
import { normalNumbers } from './random-numbers.ts';

/** Extents of a perceptron with one hidden layer. */
export interface Extents {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
}

/** Examples, `count × inputs` values and a class for each. */
export interface Examples {
  readonly x: Float32Array;
  readonly labels: Uint8Array;
}

/** Weights and biases of a perceptron by the names of its constants. */
export type PerceptronWeights = Map<string, Tensor>;

/** Weights as training begins with them. */
export function randomWeights({ inputs, hidden, classes }: Extents, seed: number): PerceptronWeights {
  const normal = normalNumbers(seed);
  const layer = (rows: number, columns: number): Tensor => ({
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, () => normal() * Math.sqrt(2 / columns)),
  });
  return new Map([
    ['hidden.weight', layer(hidden, inputs)],
    ['hidden.bias', { shape: [hidden], data: new Float32Array(hidden) }],
    ['head.weight', layer(classes, hidden)],
  ]);
}

/** The perceptron as a graph, its constants copied. */
export function perceptronGraph({ inputs }: Extents, weights: PerceptronWeights): Graph {
  return {
    name: 'perceptron',
    inputs: [{ name: 'x', shape: [1, inputs] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map(
      [...weights].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }] as const),
    ),
    nodes: [
      {
        name: 'hidden',
        op: { kind: 'linear', activation: { function: 'relu' } },
        inputs: ['x', 'hidden.weight', 'hidden.bias'],
        outputs: ['h'],
      },
      { name: 'head', op: { kind: 'linear' }, inputs: ['h', 'head.weight'], outputs: ['y'] },
    ],
  };
}

/** Trains a perceptron by cross-entropy, with gradients written out and Adam. */
export function perceptronTrainer(extents: Extents, initial: PerceptronWeights): Trainer<Examples> {
  const parameters: PerceptronWeights = new Map(
    [...initial].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );
  const memory = new Map<string, Tensor>([['steps', { shape: [1], data: new Float32Array(1) }]]);
  for (const [name, { shape, data }] of parameters) {
    for (const moment of ['first', 'second']) {
      memory.set(`${moment}/${name}`, { shape, data: new Float32Array(data.length) });
    }
  }
  const remembered = (name: string): Float32Array => memory.get(name)?.data ?? new Float32Array();
  return {
    parameters,
    memory,
    lossAndGradients: (batch) => Promise.resolve(lossAndGradients(extents, parameters, batch)),
    step: (gradients, learningRate) => {
      const steps = remembered('steps');
      const count = (steps[0] = (steps[0] ?? 0) + 1);
      for (const [name, gradient] of gradients) {
        const values = parameters.get(name)?.data ?? new Float32Array();
        const [first, second] = [remembered(`first/${name}`), remembered(`second/${name}`)];
        for (const [index, slope] of gradient.entries()) {
          first[index] = 0.9 * (first[index] ?? 0) + 0.1 * slope;
          second[index] = 0.99 * (second[index] ?? 0) + 0.01 * slope ** 2;
          const mean = (first[index] ?? 0) / (1 - 0.9 ** count);
          const scale = Math.sqrt((second[index] ?? 0) / (1 - 0.99 ** count)) + 1e-8;
          values[index] = (values[index] ?? 0) - (learningRate * mean) / scale;
        }
      }
    },
    resetOptimiser: () => {
      for (const { data } of memory.values()) data.fill(0);
    },
    graph: () => perceptronGraph(extents, parameters),
  };
}

/** What a perceptron computes of each example. */
interface Forward {
  readonly hidden: Float64Array;
  readonly logits: Float64Array;
}

function forward(extents: Extents, weights: PerceptronWeights, x: Float32Array): Forward {
  const { inputs, hidden, classes } = extents;
  const values = (name: string): Float32Array => weights.get(name)?.data ?? new Float32Array();
  const [w1, b1, w2] = [values('hidden.weight'), values('hidden.bias'), values('head.weight')];
  const h = new Float64Array(hidden);
  for (let row = 0; row < hidden; row++) {
    let sum = b1[row] ?? 0;
    for (let column = 0; column < inputs; column++)
      sum += (w1[row * inputs + column] ?? 0) * (x[column] ?? 0);
    h[row] = Math.max(0, sum);
  }
  const logits = new Float64Array(classes);
  for (let row = 0; row < classes; row++) {
    let sum = 0;
    for (let column = 0; column < hidden; column++)
      sum += (w2[row * hidden + column] ?? 0) * (h[column] ?? 0);
    logits[row] = sum;
  }
  return { hidden: h, logits };
}

/** The class a perceptron says, for each example. */
export function classify(extents: Extents, weights: PerceptronWeights, x: Float32Array): Uint8Array {
  const count = x.length / extents.inputs;
  return Uint8Array.from({ length: count }, (_, example) => {
    const { logits } = forward(
      extents,
      weights,
      x.subarray(example * extents.inputs, (example + 1) * extents.inputs),
    );
    return logits.indexOf(Math.max(...logits));
  });
}

function lossAndGradients(
  extents: Extents,
  weights: PerceptronWeights,
  { x, labels }: Examples,
): LossAndGradients {
  const { inputs, hidden, classes } = extents;
  const gradients = new Map(
    [...weights].map(([name, { data }]) => [name, new Float32Array(data.length)] as const),
  );
  const of = (name: string): Float32Array => gradients.get(name) ?? new Float32Array();
  const [w1, b1, w2] = [of('hidden.weight'), of('hidden.bias'), of('head.weight')];
  const head = weights.get('head.weight')?.data ?? new Float32Array();
  let loss = 0;
  for (const [example, label] of labels.entries()) {
    const from = x.subarray(example * inputs, (example + 1) * inputs);
    const { hidden: h, logits } = forward(extents, weights, from);
    const largest = Math.max(...logits);
    const exponentials = logits.map((logit) => Math.exp(logit - largest));
    const sum = exponentials.reduce((total, each) => total + each, 0);
    loss -= ((logits[label] ?? 0) - largest - Math.log(sum)) / labels.length;
    const ofHidden = new Float64Array(hidden);
    for (let row = 0; row < classes; row++) {
      const slope = ((exponentials[row] ?? 0) / sum - (row === label ? 1 : 0)) / labels.length;
      for (let column = 0; column < hidden; column++) {
        w2[row * hidden + column] = (w2[row * hidden + column] ?? 0) + slope * (h[column] ?? 0);
        ofHidden[column] = (ofHidden[column] ?? 0) + slope * (head[row * hidden + column] ?? 0);
      }
    }
    for (let row = 0; row < hidden; row++) {
      if ((h[row] ?? 0) === 0) continue;
      const slope = ofHidden[row] ?? 0;
      b1[row] = (b1[row] ?? 0) + slope;
      for (let column = 0; column < inputs; column++) {
        w1[row * inputs + column] = (w1[row * inputs + column] ?? 0) + slope * (from[column] ?? 0);
      }
    }
  }
  return { loss, gradients };
}
