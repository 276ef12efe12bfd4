import type { Model, Session } from '@grim/runtime';
import { expectTypeOf, it } from 'vitest';
import type { VadModel, VadSession } from '../src/index.ts';

it('a model and a session of @grim/runtime are what a detector takes', () => {
  expectTypeOf<Model>().toExtend<VadModel>();
  expectTypeOf<Session>().toExtend<VadSession>();
});
