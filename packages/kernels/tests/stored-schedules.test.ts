import { describe, expect, it } from 'vitest';

import { GrimError, type Graph, type ScheduleRecord } from '@grim/ir';

import { lowerGraph } from '../src/index.ts';

/** A dense layer of 40 rows on 4 right-hand sides whose weight asks for a schedule. */
function layerWith(schedule: ScheduleRecord): Graph {
  return {
    name: 'layer',
    inputs: [{ name: 'x', shape: [4, 3] }],
    outputs: [{ name: 'y', value: 'y' }],
    states: [],
    constants: new Map([['w', { shape: [40, 3], data: new Float32Array(120).fill(0.5) }]]),
    nodes: [
      {
        name: 'hidden layer',
        op: { kind: 'linear' },
        inputs: ['x', 'w', null],
        outputs: ['y'],
        weights: [{ input: 1, schedule }],
      },
    ],
  };
}

describe('schedules stored with a layer', () => {
  it('are used', () => {
    const [call] = lowerGraph(layerWith({ groupRows: 4, positionTile: 2 })).calls;
    expect(call?.kernel.name).toMatch(/_t4x2x1x1x1$/);
  });

  const refused: readonly [ScheduleRecord, RegExp][] = [
    [{ groupRows: 5 }, /^hidden layer: groupRows of a schedule must be one of 4, 8, 16, 32, not 5$/],
    [{ groupRows: 1e9 }, /^hidden layer: groupRows of a schedule must be one of/],
    [{ lanes: 8 }, /^hidden layer: a schedule has no lanes, only groupRows, /],
    [{ groupRows: 32, positionTile: 4 }, /^hidden layer: spmv: 32 rows × 4 positions .* accumulators/],
  ];
  for (const [schedule, message] of refused) {
    it(`are refused by name: ${JSON.stringify(schedule)}`, () => {
      const lower = (): unknown => lowerGraph(layerWith(schedule));
      expect(lower).toThrow(GrimError);
      expect(lower).toThrow(message);
    });
  }
});
