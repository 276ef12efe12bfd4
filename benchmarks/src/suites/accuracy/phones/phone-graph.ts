import type { Graph, Node, Tensor } from '@grim/ir';
import { gruNode } from '../cells/gru-node.ts';
import { uniformTensor } from '../cells/uniform-tensor.ts';
import { bands } from '../datasets/normalised-log-mel.ts';

const hidden = 256;

/** Frames that are one step of the network, 30 ms. */
export const framesPerStep = 3;

/** Features of a step. */
export const features = bands * framesPerStep;

/** Two GRU layers and a logit for each class of phone at each step; weights as before training. */
export function phoneGraph(classes: number, steps: number, random: () => number): Graph {
  const constants = new Map<string, Tensor>();
  const nodes: Node[] = [
    gruNode('gru1', 'frames', { inputs: features, hidden }, random, constants),
    gruNode('gru2', 'gru1.y', { inputs: hidden, hidden }, random, constants),
    {
      name: 'phones',
      op: { kind: 'linear' },
      inputs: ['gru2.y', 'phones.weight', 'phones.bias'],
      outputs: ['logits'],
    },
  ];
  const bound = 1 / Math.sqrt(hidden);
  constants.set('phones.weight', uniformTensor([classes, hidden], bound, random));
  constants.set('phones.bias', { shape: [classes], data: new Float32Array(classes) });
  return {
    name: 'phones',
    inputs: [{ name: 'frames', shape: [steps, 1, features] }],
    outputs: [{ name: 'logits', value: 'logits' }],
    states: [],
    constants,
    nodes,
  };
}
