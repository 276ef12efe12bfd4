import { writeArtefact } from '@grim/ir';

const width = 1024;

/** A `.grim` file with the graph of one layer that is large enough for threads to share: y = W x, of 1024 × 1024 weights. */
export function wideModel(): Uint8Array {
  const weights = Float32Array.from({ length: width * width }, (_, index) => Math.sin(index) / width);
  return writeArtefact({
    graph: {
      name: 'wide',
      inputs: [{ name: 'x', shape: [1, width] }],
      outputs: [{ name: 'y', value: 'y' }],
      states: [],
      constants: new Map([['w', { shape: [width, width], data: weights }]]),
      nodes: [{ name: 'product', op: { kind: 'linear' }, inputs: ['x', 'w', null], outputs: ['y'] }],
    },
    provenance: { grimVersion: '0.1.0', options: {} },
  });
}

/** Shape of its input. */
export const wideShape: readonly number[] = [1, width];
