import type { ModelShapes } from '../src/suites/layers/layer-shape.ts';

/** Two GRU layers of 1024 units over 39 features per 10 ms frame, for speech recognition on TIMIT (paper, section VI). */
export const gruTimit: ModelShapes = {
  model: 'gru-timit',
  layers: [
    { kind: 'linear', name: 'recurrent', rows: 3072, columns: 1024 },
    { kind: 'gru', name: 'layer1', inputs: 39, hidden: 1024 },
    { kind: 'gru', name: 'layer2', inputs: 1024, hidden: 1024 },
  ],
};
