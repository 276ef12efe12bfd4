import { evaluateGraph, type Graph } from '@grim/ir';
import { describe, expect, it } from 'vitest';
import { createTrainer, type TrainerOptions } from '../src/index.ts';
import { randomConstants, randomValues } from './support/random-values.ts';
import { weightedSum } from './support/weighted-sum.ts';

/** A convolution with a pruned filter and a pruned column, then a linear layer. */
function network(seed: number): Graph {
  const constants = randomConstants({ w: [4, 2, 3], b: [4], v: [3, 24] }, seed);
  constants.get('w')?.data.fill(0, 6, 12);
  [0, 6, 12, 18].forEach((index) => constants.get('w')?.data.fill(0, index, index + 1));
  return {
    name: 'network',
    inputs: [{ name: 'x', shape: [1, 2, 8] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants,
    nodes: [
      {
        name: 'conv',
        op: {
          kind: 'conv',
          strides: [1],
          padsBegin: [0],
          padsEnd: [0],
          dilations: [1],
          groups: 1,
          activation: { function: 'tanh' },
        },
        inputs: ['x', 'w', 'b'],
        outputs: ['c'],
      },
      { name: 'flat', op: { kind: 'reshape', shape: [1, 24] }, inputs: ['c'], outputs: ['f'] },
      { name: 'head', op: { kind: 'linear' }, inputs: ['f', 'v'], outputs: ['y'] },
    ],
  };
}

const size = 5;
const batch = { size, axes: { x: 0 } };
const inputs = { x: randomValues(size * 16, 11) };
const open = (options: Partial<TrainerOptions<null>>, seed = 1): ReturnType<typeof createTrainer<null>> =>
  createTrainer(network(seed), { batch, loss: weightedSum(3), ...options });

describe('batch norm', () => {
  it('is put back without a change to what the network computes', async () => {
    const plain = await open({});
    const trainer = await open({ batchNorm: ['conv', 'head'] });
    await trainer.settleBatchNorm({ batchesPerEpoch: 1, epoch: () => [{ inputs, target: null }] });
    const x = { shape: [size, 2, 8], data: inputs.x };
    const [wanted, found] = [(await plain.predict({ x })).get('y'), (await trainer.predict({ x })).get('y')];
    wanted?.data.forEach((value, index) => {
      expect(found?.data[index]).toBeCloseTo(value, 4);
    });
    expect(wanted?.data).toHaveLength(size * 3);
    // Statistics of the batch are those that were found, so training begins from there too.
    const { loss } = await plain.lossAndGradients({ inputs, target: null });
    expect((await trainer.lossAndGradients({ inputs, target: null })).loss).toBeCloseTo(loss, 3);
    expect(trainer.memory.get('batchNorm/conv/mean')?.data.every((value) => value !== 0)).toBe(true);
  });

  it('is put back by as many examples as are asked for, and no more are drawn', async () => {
    const trainer = await open({ batchNorm: ['conv'] });
    let drawn = 0;
    const batches = {
      batchesPerEpoch: 9,
      epoch: function* () {
        for (let at = 0; at < 9; at++) {
          drawn++;
          yield { inputs, target: null };
        }
      },
    };
    await trainer.settleBatchNorm(batches, 2 * size);
    expect(drawn).toBe(2);
    for (const examples of [NaN, 0, -5, 1.5]) {
      await expect(trainer.settleBatchNorm(batches, examples)).rejects.toThrow(
        `examples that batch norm is settled by must be a positive integer, got ${examples}`,
      );
    }
    await expect(trainer.settleBatchNorm({ batchesPerEpoch: 0, epoch: () => [] })).rejects.toThrow(
      'there are no batches that batch norm could be settled by',
    );
    const weights = trainer.parameters.get('w')?.data ?? new Float32Array();
    weights[0] = NaN;
    await expect(
      trainer.settleBatchNorm({ batchesPerEpoch: 1, epoch: () => [{ inputs, target: null }] }),
    ).rejects.toThrow('conv: mean or variance of its values is NaN');
    expect(trainer.memory.get('batchNorm/conv/mean')?.data.some(Number.isNaN)).toBe(false);
  });

  it('has the derivatives that differences of the loss show', async () => {
    const trainer = await open({ batchNorm: ['conv', 'head'] });
    const { gradients } = await trainer.lossAndGradients({ inputs, target: null });
    expect([...trainer.parameters.keys()]).toEqual([
      'w',
      'b',
      'v',
      'batchNorm/conv/gamma',
      'batchNorm/conv/beta',
      'batchNorm/head/gamma',
      'batchNorm/head/beta',
    ]);
    for (const [name, { data }] of trainer.parameters) {
      for (const index of [0, 1, data.length - 1]) {
        const value = data[index] ?? 0;
        const lossAt = async (moved: number): Promise<number> => {
          data[index] = moved;
          return (await trainer.lossAndGradients({ inputs, target: null })).loss;
        };
        const step = 2 ** -7;
        const slope = ((await lossAt(value + step)) - (await lossAt(value - step))) / (2 * step);
        data[index] = value;
        expect(Math.abs((gradients.get(name)?.[index] ?? NaN) - slope), `${name}[${index}]`).toBeLessThan(
          5e-3 * (1 + Math.abs(slope)),
        );
      }
    }
  });

  it('is folded into the graph, whose zeros stay', async () => {
    const trainer = await open({ batchNorm: ['*'] });
    for (let step = 0; step < 30; step++) {
      const { gradients } = await trainer.lossAndGradients({ inputs, target: null });
      trainer.step(gradients, 0.01);
      trainer.parameters.get('w')?.data.fill(0, 6, 12);
    }
    const graph = trainer.graph();
    const predicted = (await trainer.predict({ x: { shape: [size, 2, 8], data: inputs.x } })).get('y');
    for (let example = 0; example < size; example++) {
      const { outputs } = evaluateGraph(graph, {
        inputs: { x: inputs.x.subarray(example * 16, example * 16 + 16) },
      });
      outputs['y']?.forEach((value, index) => {
        expect(predicted?.data[example * 3 + index]).toBeCloseTo(value, 4);
      });
    }
    const folded = graph.constants.get('w')?.data ?? [];
    trainer.parameters.get('w')?.data.forEach((value, index) => {
      expect(folded[index] === 0).toBe(value === 0);
    });
    // The statistics are those of the batch, which is always the same here.
    const mean = trainer.memory.get('batchNorm/head/mean')?.data ?? [];
    expect(mean.some((value) => Math.abs(value) > 0.01)).toBe(true);
  });

  it('is refused where it cannot be folded', async () => {
    const graph = network(1);
    const nodes = graph.nodes.map((node) =>
      node.name === 'head' ? { ...node, inputs: ['f', 'v', 'b3'] } : node,
    );
    const constants = new Map(graph.constants).set('b3', { shape: [3], data: new Float32Array(3) });
    const twice = [
      ...nodes,
      { name: 'again', op: { kind: 'linear' as const }, inputs: ['f', 'v'], outputs: ['z'] },
    ];
    await expect(
      createTrainer(
        { ...graph, constants, nodes: twice },
        { batch, loss: weightedSum(1), batchNorm: ['head'] },
      ),
    ).rejects.toThrow('head: batch norm cannot be folded into v, which is not its own constant');
    await expect(open({ batchNorm: ['gru*'] })).rejects.toThrow(
      'batchNorm pattern "gru*" matches no convolution or linear layer',
    );
  });
});

describe('batch norm of layers that are not trained', () => {
  const bits = (graph: Graph, name: string): number[] => [
    ...new Uint32Array(graph.constants.get(name)?.data.slice().buffer ?? new ArrayBuffer()),
  ];
  const trainedWith = async (graph: Graph, options: Partial<TrainerOptions<null>>): Promise<Graph> => {
    const trainer = await createTrainer(graph, { batch, loss: weightedSum(3), ...options });
    await trainer.settleBatchNorm({ batchesPerEpoch: 1, epoch: () => [{ inputs, target: null }] });
    for (let step = 0; step < 3; step++) {
      trainer.step((await trainer.lossAndGradients({ inputs, target: null })).gradients, 0.1);
    }
    return trainer.graph();
  };
  const fixed: Graph = {
    ...network(1),
    nodes: network(1).nodes.map((node) =>
      node.op.kind === 'conv' ? { ...node, op: { ...node.op, fixed: 'a filter bank' } } : node,
    ),
  };
  const cases: readonly (readonly [string, Graph, Partial<TrainerOptions<null>>])[] = [
    ['frozen by layer', network(1), { frozen: ['conv'] }],
    ['frozen by weights', network(1), { frozen: ['w'] }],
    ['frozen by bias', network(1), { frozen: ['b'] }],
    ['fixed', fixed, {}],
  ];

  it.each(cases)('is left out, and their weights keep their bits: %s', async (_, graph, options) => {
    const trained = await trainedWith(graph, { ...options, batchNorm: ['*'] });
    const kept = options.frozen?.includes('b') ? ['b'] : options.frozen?.includes('w') ? ['w'] : ['w', 'b'];
    for (const name of kept) expect(bits(trained, name)).toEqual(bits(graph, name));
    expect(bits(trained, 'v')).not.toEqual(bits(graph, 'v'));
  });

  it.each(cases)('is refused where nothing else has it: %s', async (_, graph, options) => {
    await expect(trainedWith(graph, { ...options, batchNorm: ['conv'] })).rejects.toThrow(
      'batchNorm pattern "conv" matches no layer that is trained',
    );
  });
});

describe('dropout', () => {
  it.each(['all', 'last'])('is behind what a recurrent layer gives: %s', async (read) => {
    const constants = randomConstants({ w: [16, 2], r: [16, 4] }, 6);
    const graph: Graph = {
      name: 'recurrent',
      inputs: [{ name: 'x', shape: [3, 1, 2] }],
      outputs: [{ name: 'y', value: read }],
      states: [],
      constants,
      nodes: [
        {
          name: 'lstm',
          op: {
            kind: 'lstm',
            hidden: 4,
            direction: 'forward',
            activations: [{ function: 'sigmoid' }, { function: 'tanh' }, { function: 'tanh' }],
          },
          inputs: ['x', 'w', 'r'],
          outputs: ['all', 'last', 'cell'],
        },
      ],
    };
    let zeros = 0;
    let count = 0;
    const trainer = await createTrainer<null>(graph, {
      batch: { size: 8, axes: { x: 1 } },
      dropout: { lstm: 0.5 },
      loss: (outputs) => {
        const data = outputs.get('y')?.data ?? new Float32Array();
        zeros += data.filter((value) => value === 0).length;
        count += data.length;
        // What dropout has put out has no influence.
        return { loss: 0, derivatives: new Map([['y', data.map((value) => (value === 0 ? 1 : 0))]]) };
      },
    });
    for (let pass = 0; pass < 8; pass++) {
      const { gradients } = await trainer.lossAndGradients({
        inputs: { x: randomValues(48, pass) },
        target: null,
      });
      for (const gradient of gradients.values()) expect(gradient.every((value) => value === 0)).toBe(true);
    }
    expect(zeros / count).toBeGreaterThan(0.35);
    expect(zeros / count).toBeLessThan(0.65);
  });

  it('is drawn anew each pass from its seed, and left out in use', async () => {
    const losses = async (seed: number): Promise<number[]> => {
      const trainer = await open({ dropout: { conv: 0.5 }, seed });
      const first = (await trainer.lossAndGradients({ inputs, target: null })).loss;
      const second = (await trainer.lossAndGradients({ inputs, target: null })).loss;
      const output = (await trainer.predict({ x: { shape: [size, 2, 8], data: inputs.x } })).get('y');
      const plain = (await (await open({})).predict({ x: { shape: [size, 2, 8], data: inputs.x } })).get('y');
      expect(output).toEqual(plain);
      return [first, second];
    };
    const [first, second] = await losses(1);
    expect(first).not.toBe(second);
    expect(await losses(1)).toEqual([first, second]);
    expect(await losses(2)).not.toEqual([first, second]);
  });

  it('leaves the mean of what it is put behind', async () => {
    const plain = (await (await open({})).lossAndGradients({ inputs, target: null })).loss;
    const trainer = await open({ dropout: { conv: 0.3 }, seed: 4 });
    let sum = 0;
    const passes = 80;
    for (let pass = 0; pass < passes; pass++)
      sum += (await trainer.lossAndGradients({ inputs, target: null })).loss;
    expect(Math.abs(sum / passes - plain)).toBeLessThan(0.5);
  });

  it('refuses rates that are none', async () => {
    await expect(open({ dropout: { conv: 1 } })).rejects.toThrow(
      'dropout of "conv" must be at least 0 and below 1, got 1',
    );
    await expect(open({ dropout: { lstm: 0.5 } })).rejects.toThrow('dropout pattern "lstm" matches no layer');
  });
});

describe('values that are not finite', () => {
  it('name the first layer whose output they are', async () => {
    const trainer = await open({});
    const weights = trainer.parameters.get('w')?.data ?? new Float32Array();
    await trainer.lossAndGradients({ inputs, target: null });
    weights[0] = NaN;
    await expect(trainer.lossAndGradients({ inputs, target: null })).rejects.toThrow(
      'conv: its output holds NaN',
    );
  });

  it('name the first layer whose gradient they are, an input, or the loss', async () => {
    const infinite = await open({
      loss: (outputs) => ({
        loss: 0,
        derivatives: new Map([...outputs].map(([name, { data }]) => [name, data.map(() => Infinity)])),
      }),
    });
    await expect(infinite.lossAndGradients({ inputs, target: null })).rejects.toThrow(
      /^conv: the gradient of w holds (NaN|-?Infinity)$/,
    );
    const trainer = await open({ loss: () => ({ loss: NaN, derivatives: new Map() }) });
    await expect(trainer.lossAndGradients({ inputs, target: null })).rejects.toThrow(
      'the loss is NaN, though all outputs of the network are finite',
    );
    await expect(
      trainer.lossAndGradients({ inputs: { x: inputs.x.map(() => Infinity) }, target: null }),
    ).rejects.toThrow('input x holds Infinity');
  });
});
