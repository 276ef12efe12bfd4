import type { ModelShapes } from '../src/suites/layers/layer-shape.ts';

/** The products of an LSTM layer with 1024 cells and a projection to 512, over 153 features (ESE, Han et al., 2017). */
export const lstmEse: ModelShapes = {
  model: 'lstm-ese',
  layers: [
    { kind: 'linear', name: 'input', rows: 4096, columns: 153 },
    { kind: 'linear', name: 'recurrent', rows: 4096, columns: 512 },
    { kind: 'linear', name: 'projection', rows: 512, columns: 1024 },
  ],
};
