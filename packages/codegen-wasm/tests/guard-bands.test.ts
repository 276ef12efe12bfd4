import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { elementCount, evaluateGraph, inferShapes, type Graph, type Port } from '@grim/ir';
import { interpretKernel, lowerGraph, type Program } from '@grim/kernels';

import { assemble } from '../src/assemble.ts';
import { renderModule } from '../src/render-module.ts';
import { expectClose } from './support/expect-close.ts';
import { convGraph, denseAndRecurrentGraph, movementGraph, noise } from './support/random-graph.ts';
import { singleOperatorGraphs } from './support/single-operator-graph.ts';

const GUARD_BYTES = 128;

/** A NaN, so that a result that depends on what is read beyond a buffer shows. */
const GUARD_WORD = 0x7fa5a5a5;

/** Memory of a program with its image and states, and the same word in everything that belongs to no buffer. */
function guardedMemory(program: Program, bytes: Uint8Array): { checkBands: (after: string) => void } {
  const isGuard = new Uint8Array(bytes.length / 4).fill(1);
  for (const { offset, bytes: length } of program.buffers) {
    isGuard.fill(0, offset / 4, Math.ceil((offset + length) / 4));
  }
  bytes.set(program.image, program.imageOffset);
  const words = new Int32Array(bytes.buffer);
  isGuard.forEach((guard, index) => {
    if (guard === 1) words[index] = GUARD_WORD;
  });
  for (const { offset, initial } of program.states) {
    if (initial) new Float32Array(bytes.buffer, offset, initial.length).set(initial);
  }
  return {
    checkBands: (after) => {
      const changed = words.findIndex((word, index) => isGuard[index] === 1 && word !== GUARD_WORD);
      expect(changed, `${after}: first word changed outside all buffers`).toBe(-1);
    },
  };
}

/** Runs a graph, its calls divided for some threads, with bands around every buffer, interpreted and as WebAssembly. */
async function runGuarded(graph: Graph, threads: number): Promise<void> {
  inferShapes(graph);
  const program = lowerGraph(graph, { guardBytes: GUARD_BYTES, threads, leastPart: 1 });
  const pages = Math.ceil(program.memoryBytes / 65536);
  const wasmMemory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const compiled = new Uint8Array(wasmMemory.buffer);
  const interpreted = new Uint8Array(compiled.length);
  const bands = {
    interpreter: guardedMemory(program, interpreted),
    module: guardedMemory(program, compiled),
  };
  const module = new WebAssembly.Module((await assemble(renderModule(program))) as BufferSource);
  const instance = new WebAssembly.Instance(module, { env: { memory: wasmMemory } });
  const floats = (memory: Uint8Array, { offset, shape }: Port): Float32Array =>
    new Float32Array(memory.buffer, offset, elementCount(shape));
  const next = noise(7);
  let states: Record<string, Float32Array> = {};
  for (let run = 0; run < 2; run++) {
    const inputs = Object.fromEntries(
      graph.inputs.map(({ name, shape }) => [name, Float32Array.from({ length: elementCount(shape) }, next)]),
    );
    for (const port of program.inputs) {
      for (const memory of [interpreted, compiled]) floats(memory, port).set(inputs[port.name] ?? []);
    }
    for (const { kernel, addresses } of program.calls) {
      const pointers = Object.fromEntries(
        kernel.buffers.map(({ name }, index) => [
          name,
          { memory: interpreted, offset: addresses[index] ?? 0 },
        ]),
      );
      interpretKernel(kernel, pointers);
      bands.interpreter.checkBands(kernel.name);
    }
    (instance.exports['run'] as () => void)();
    bands.module.checkBands('WebAssembly');
    const expected = evaluateGraph(graph, { inputs, states });
    states = expected.states;
    for (const port of program.outputs) {
      const values = expected.outputs[port.name] ?? new Float32Array();
      for (const memory of [interpreted, compiled]) expectClose(floats(memory, port), values, port.name);
    }
  }
}

describe('random graphs with bands around every buffer: nothing writes there, and what is read there has no effect', () => {
  for (const [name, graphs] of Object.entries({
    convolutions: convGraph,
    'fully connected and recurrent layers': denseAndRecurrentGraph,
    'data movement, reductions and elementwise chains': movementGraph,
    ...singleOperatorGraphs,
  })) {
    it(name, async () => {
      await fc.assert(fc.asyncProperty(graphs, fc.constantFrom(1, 3), runGuarded), { numRuns: 60 });
    });
  }
});

describe('placement with bands', () => {
  it('leaves them before, between and after all buffers', () => {
    fc.assert(
      fc.property(convGraph, (graph) => {
        const { buffers, memoryBytes } = lowerGraph(graph, { guardBytes: GUARD_BYTES });
        let end = 0;
        for (const { offset, bytes } of [...buffers].sort((a, b) => a.offset - b.offset)) {
          expect(offset - end).toBeGreaterThanOrEqual(GUARD_BYTES);
          end = offset + bytes;
        }
        expect(memoryBytes - end).toBeGreaterThanOrEqual(GUARD_BYTES);
      }),
      { numRuns: 60 },
    );
  });
});
