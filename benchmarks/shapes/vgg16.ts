import type { ModelShapes } from '../src/suites/layers/layer-shape.ts';

const layer = { kind: 'conv', kernel: 3, stride: 1 } as const;

/** VGG-16 at 224×224 (Simonyan and Zisserman, 2014): its distinct convolutions. */
export const vgg16: ModelShapes = {
  model: 'vgg16',
  layers: [
    { ...layer, name: 'conv1_1', inputs: 3, outputs: 64, size: 224 },
    { ...layer, name: 'conv1_2', inputs: 64, outputs: 64, size: 224 },
    { ...layer, name: 'conv2_1', inputs: 64, outputs: 128, size: 112 },
    { ...layer, name: 'conv2_2', inputs: 128, outputs: 128, size: 112 },
    { ...layer, name: 'conv3_1', inputs: 128, outputs: 256, size: 56 },
    { ...layer, name: 'conv3_2', inputs: 256, outputs: 256, size: 56 },
    { ...layer, name: 'conv4_1', inputs: 256, outputs: 512, size: 28 },
    { ...layer, name: 'conv4_2', inputs: 512, outputs: 512, size: 28 },
    { ...layer, name: 'conv5', inputs: 512, outputs: 512, size: 14 },
  ],
};
