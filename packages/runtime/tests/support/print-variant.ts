import { readFileSync } from 'node:fs';
import { loadModel } from '../../src/index.ts';

/** Loads the model at the path given and prints which variant runs and the result of a step on zeros. */
const model = await loadModel(readFileSync(process.argv[2] ?? ''));
const result = model.createSession().step(new Float32Array(4));
console.log(JSON.stringify({ variant: model.variant, result: [...result] }));
