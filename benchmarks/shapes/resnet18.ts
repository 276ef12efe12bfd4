import type { ModelShapes } from '../src/suites/layers/layer-shape.ts';

const plain = { kind: 'conv', kernel: 3, stride: 1 } as const;
const halving = { kind: 'conv', kernel: 3, stride: 2 } as const;
const shortcut = { kind: 'conv', kernel: 1, stride: 2 } as const;

/** ResNet-18 at 224×224 (He et al., 2015): its distinct convolutions. */
export const resnet18: ModelShapes = {
  model: 'resnet18',
  layers: [
    { kind: 'conv', name: 'conv1', inputs: 3, outputs: 64, kernel: 7, stride: 2, size: 224 },
    { ...plain, name: 'conv2', inputs: 64, outputs: 64, size: 56 },
    { ...halving, name: 'conv3_halving', inputs: 64, outputs: 128, size: 56 },
    { ...shortcut, name: 'conv3_shortcut', inputs: 64, outputs: 128, size: 56 },
    { ...plain, name: 'conv3', inputs: 128, outputs: 128, size: 28 },
    { ...halving, name: 'conv4_halving', inputs: 128, outputs: 256, size: 28 },
    { ...shortcut, name: 'conv4_shortcut', inputs: 128, outputs: 256, size: 28 },
    { ...plain, name: 'conv4', inputs: 256, outputs: 256, size: 14 },
    { ...halving, name: 'conv5_halving', inputs: 256, outputs: 512, size: 14 },
    { ...shortcut, name: 'conv5_shortcut', inputs: 256, outputs: 512, size: 14 },
    { ...plain, name: 'conv5', inputs: 512, outputs: 512, size: 7 },
  ],
};
