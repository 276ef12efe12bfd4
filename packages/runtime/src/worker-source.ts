import { controlWords, RELEASED, workerFailures } from './control-words.ts';

/**
 * The program of a worker, as text: a page starts it from a Blob, so that no second file has to be served, and Node
 * evaluates it. Plain JavaScript that every engine with shared memory runs.
 *
 * It is given a module, its memory and its number once, answers with `ready` or the reason why not, and then runs its share
 * whenever the word `start` changes. It watches that word for a while before it sleeps, since runs tend to follow each other.
 */
export const workerSource = `
const port = globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort ?? self;
port.onmessage = ({ data: { module, memory, controlOffset, thread, threads } }) => {
  let runPart;
  try {
    runPart = new WebAssembly.Instance(module, { env: { memory } }).exports.runPart;
  } catch (error) {
    port.postMessage(String(error));
    return;
  }
  const words = new Int32Array(memory.buffer, controlOffset, ${controlWords.count});
  const fail = (how) => {
    // Whoever waits for this thread would wait for ever.
    Atomics.store(words, ${controlWords.failed}, how);
    Atomics.store(words, ${controlWords.arrivals}, ${RELEASED});
    Atomics.notify(words, ${controlWords.arrivals});
  };
  let runs = Atomics.load(words, ${controlWords.start});
  port.postMessage('ready');
  for (;;) {
    for (let turn = 0; turn < 10000 && Atomics.load(words, ${controlWords.start}) === runs; turn++);
    Atomics.wait(words, ${controlWords.start}, runs);
    const next = Atomics.load(words, ${controlWords.start});
    if (next === runs) continue;
    runs = next;
    try {
      if (runPart(thread, threads, 1)) fail(${workerFailures.gaveUp});
    } catch {
      fail(${workerFailures.trapped});
    }
  }
};
`;
