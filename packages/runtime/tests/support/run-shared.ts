import { readFileSync } from 'node:fs';
import { loadModel } from '../../src/index.ts';

/** Runs the model at the path given on two threads, prints the result and ends without closing it. */
const model = await loadModel(readFileSync(process.argv[2] ?? ''), { threads: 2 });
const result = model.createSession().step(Float32Array.of(1, 2, 3));
console.log(JSON.stringify({ threads: model.threads, result: [...result] }));
