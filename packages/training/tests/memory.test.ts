import type { Graph } from '@grim/ir';
import { expect, it } from 'vitest';
import { createTrainer, meanSquaredError } from '../src/index.ts';
import { randomConstants, randomValues } from './support/random-values.ts';

/** All memories of WebAssembly that are made from now on: jax-js makes its own when it is loaded. */
const memories: WebAssembly.Memory[] = [];
const Memory = WebAssembly.Memory;
WebAssembly.Memory = class extends Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};

const windows = { kernel: [3, 3], strides: [2, 2], padsBegin: [1, 1], padsEnd: [1, 1], dilations: [1, 1] };

/** Stages whose compiled functions need masks and other constants. */
const graph: Graph = {
  name: 'padded pools',
  inputs: [{ name: 'x', shape: [1, 2, 64, 64] }],
  outputs: [{ name: 'y', value: 'y' }],
  states: [],
  constants: randomConstants({ w: [64, 64] }, 1),
  nodes: [
    { name: 'mix', op: { kind: 'linear' }, inputs: ['x', 'w'], outputs: ['m'] },
    {
      name: 'maximum',
      op: { kind: 'pool', function: 'max', countIncludePad: false, ...windows },
      inputs: ['m'],
      outputs: ['p'],
    },
    {
      name: 'border',
      op: { kind: 'pad', mode: 'constant', begin: [0, 0, 16, 16], end: [0, 0, 16, 16], value: 1 },
      inputs: ['p'],
      outputs: ['q'],
    },
    {
      name: 'average',
      op: { kind: 'pool', function: 'average', countIncludePad: false, ...windows },
      inputs: ['q'],
      outputs: ['y'],
    },
  ],
};

it('trainers that have been disposed of leave no memory behind', async () => {
  const examples = { inputs: { x: randomValues(2 * 64 * 64, 2) }, target: new Float32Array(2 * 32 * 32) };
  const pages = async (trainers: number): Promise<number> => {
    for (let count = 0; count < trainers; count++) {
      const trainer = await createTrainer(graph, {
        batch: { size: 1, axes: { x: 0 } },
        loss: meanSquaredError(),
      });
      const { gradients } = await trainer.lossAndGradients(examples);
      trainer.dispose();
      trainer.step(gradients, 0.1);
      expect(trainer.graph().constants.get('w')).toEqual(trainer.parameters.get('w'));
      await expect(trainer.lossAndGradients(examples)).rejects.toThrow('the trainer has been disposed of');
    }
    return memories.reduce((sum, { buffer }) => sum + buffer.byteLength / 65536, 0);
  };
  const before = await pages(3);
  expect(before).toBeGreaterThan(0);
  expect(await pages(12)).toBe(before);
});
