import { describe, expect, it } from 'vitest';

import { lowerGraph } from '@grim/kernels';

import { renderModule, strictSimd } from '../src/index.ts';
import { GraphSketch } from './support/random-graph.ts';
import { instantiate } from './support/run-module.ts';

/** A product that is split in two between an addition and a chain that are not. */
function sketch(): GraphSketch {
  const graph = new GraphSketch(3);
  const x = graph.input([1, 512]);
  const [sum = ''] = graph.node({ kind: 'binary', function: 'add' }, [x, graph.constant([512])]);
  const [product = ''] = graph.node({ kind: 'linear' }, [sum, graph.constant([516, 512])]);
  graph.node({ kind: 'reduce', function: 'max', axes: [1], keepDims: false }, [product]);
  return graph;
}

const graph = sketch().graph('reduce2.0');
const program = lowerGraph(graph, { threads: 4 });

describe('code for threads', () => {
  it('splits large calls only, and keeps what parts use apart', () => {
    const stages = program.calls.map(({ stage, family }) => `${String(stage)} ${family}`);
    expect(stages).toEqual(['0 elementwise', '1 spmv', '1 spmv', '2 reduce']);
    expect(lowerGraph(graph).calls.map(({ family }) => family)).toEqual(['elementwise', 'spmv', 'reduce']);
  });

  it('waits between stages', async () => {
    const text = renderModule(program, { ...strictSimd, threads: true });
    const threads = text.slice(text.indexOf('  ;; counts this thread'));
    await expect(threads).toMatchFileSnapshot('./snapshots/threads.wat');
    expect(text).toMatch(/\(import "env" "memory" \(memory \d+ \d+ shared\)\)/);
  });

  it('is run by one thread as it is without threads', async () => {
    const input0 = Float32Array.from({ length: 512 }, (_, index) => Math.sin(index));
    const split = (await instantiate(program)).run({ input0 });
    expect(split).toEqual((await instantiate(lowerGraph(graph))).run({ input0 }));
  });
});
