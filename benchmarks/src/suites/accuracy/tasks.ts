import { fashionMnist } from './fashion-mnist/fashion-mnist.ts';
import { fsdd } from './fsdd/fsdd.ts';
import { phones } from './phones/phones.ts';
import { silero } from './silero/silero-task.ts';
import type { AccuracyTask } from './task.ts';

/** Every task; a row is all that a new one needs. */
export const tasks: readonly AccuracyTask[] = [fsdd, fashionMnist, silero, phones];
