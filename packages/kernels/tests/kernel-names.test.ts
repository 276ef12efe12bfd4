import { describe, expect, it } from 'vitest';

import { kernelFamilies, scheduleOfName } from '../src/index.ts';
import { randomSource } from './support/random-source.ts';

describe('names of kernels state family and schedule', () => {
  for (const { name: family, cases, choices } of kernelFamilies) {
    it(family, () => {
      let stated = 0;
      for (const { kernel, schedule } of cases(randomSource(1))) {
        expect(kernel.name.split('_')[0]).toBe(family);
        expect(kernel.name).toMatch(/^[A-Za-z0-9_.]+$/);
        expect(scheduleOfName(kernel.name, choices), kernel.name).toEqual(schedule);
        if (Object.keys(schedule).length > 0) stated++;
      }
      expect(stated > 0).toBe(Object.keys(choices).length > 0);
    });
  }

  it('a schedule of another family is not believed', () => {
    const choices = { a: { values: [1, 2], means: '', byDefault: '' } };
    expect(scheduleOfName('x_r3_t2', choices)).toEqual({ a: 2 });
    expect(scheduleOfName('x_r3', choices)).toEqual({});
    expect(() => scheduleOfName('x_r3_t2x1', choices)).toThrow('x_r3_t2x1 states 2 choices');
    expect(() => scheduleOfName('x_t3', choices)).toThrow('x_t3: a cannot be 3');
    const range = { a: { values: { from: 1, to: 5 }, means: '', byDefault: '' } };
    expect(scheduleOfName('x_t3', range)).toEqual({ a: 3 });
    expect(() => scheduleOfName('x_t6', range)).toThrow('a cannot be 6');
  });
});
