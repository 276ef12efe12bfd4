import type { ModelShapes } from '../src/suites/layers/layer-shape.ts';
import { gruTimit } from './gru-timit.ts';
import { lstmEse } from './lstm-ese.ts';
import { mobilenetv2 } from './mobilenetv2.ts';
import { resnet18 } from './resnet18.ts';
import { vgg16 } from './vgg16.ts';

/** Every model whose layers are measured. */
export const models: readonly ModelShapes[] = [vgg16, resnet18, mobilenetv2, gruTimit, lstmEse];
