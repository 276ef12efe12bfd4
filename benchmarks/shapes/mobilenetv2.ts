import type { ConvShape, ModelShapes } from '../src/suites/layers/layer-shape.ts';

const point = (name: string, inputs: number, outputs: number, size: number): ConvShape => ({
  kind: 'conv',
  name,
  inputs,
  outputs,
  kernel: 1,
  stride: 1,
  size,
});

const depthwise = (name: string, channels: number, stride: number, size: number): ConvShape => ({
  kind: 'conv',
  name,
  inputs: channels,
  outputs: channels,
  kernel: 3,
  stride,
  size,
  groups: channels,
});

/**
 * MobileNetV2 at 224×224 (Sandler et al., 2018): its distinct 1×1 convolutions, and depthwise ones of either stride at some
 * sizes.
 */
export const mobilenetv2: ModelShapes = {
  model: 'mobilenetv2',
  layers: [
    { kind: 'conv', name: 'conv1', inputs: 3, outputs: 32, kernel: 3, stride: 2, size: 224 },
    point('block1_project', 32, 16, 112),
    point('block2_expand', 16, 96, 112),
    point('block2_project', 96, 24, 56),
    point('block3_expand', 24, 144, 56),
    point('block3_project', 144, 24, 56),
    point('block4_project', 144, 32, 28),
    point('block5_expand', 32, 192, 28),
    point('block5_project', 192, 32, 28),
    point('block7_project', 192, 64, 14),
    point('block8_expand', 64, 384, 14),
    point('block8_project', 384, 64, 14),
    point('block11_project', 384, 96, 14),
    point('block12_expand', 96, 576, 14),
    point('block12_project', 576, 96, 14),
    point('block14_project', 576, 160, 7),
    point('block15_expand', 160, 960, 7),
    point('block15_project', 960, 160, 7),
    point('block17_project', 960, 320, 7),
    point('conv_last', 320, 1280, 7),
    depthwise('block1_depthwise', 32, 1, 112),
    depthwise('block2_depthwise', 96, 2, 112),
    depthwise('block5_depthwise', 192, 1, 28),
    depthwise('block12_depthwise', 576, 1, 14),
    depthwise('block15_depthwise', 960, 1, 7),
  ],
};
