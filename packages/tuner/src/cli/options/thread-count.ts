import { maximumThreads } from '@grim/ir';
import { integerFrom } from './numbers.ts';

/** Parses a number of threads, of as many as the compiler splits calls for. */
export const threadCount: (text: string) => number = integerFrom(1, maximumThreads);
