import { elementCount, type Plan, type PlannedCall, type Port, type StatePort } from '../../../src/index.ts';
import fc from 'fast-check';

const extents = fc.array(fc.nat({ max: 5 }), { maxLength: 3 });
const text = fc.string({ unit: 'grapheme', maxLength: 8 });

function portNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? '__proto__' : `port ${index}`));
}

/** A plan that holds together, and the image it places: ports side by side, image last. */
export const anyProgram: fc.Arbitrary<{ plan: Plan; image: Uint8Array }> = fc
  .record({
    model: text,
    image: fc.uint8Array({ maxLength: 40 }),
    inputs: fc.array(extents, { maxLength: 3 }),
    outputs: fc.array(extents, { maxLength: 3 }),
    states: fc.array(fc.tuple(extents, fc.boolean(), fc.nat()), { maxLength: 3 }),
    calls: fc.array(
      fc.record(
        {
          entry: text,
          node: text,
          kernel: text,
          family: text,
          path: text,
          macs: fc.maxSafeNat(),
          weightBytes: fc.nat({ max: 2 ** 31 }),
          padding: fc.option(fc.double({ min: 1, max: 64, noNaN: true })),
          reversed: fc.option(fc.boolean()),
        },
        { noNullPrototype: true },
      ),
      { maxLength: 4 },
    ),
    features: fc.array(text, { maxLength: 2 }),
    threads: fc.option(fc.integer({ min: 2, max: 256 })),
    relaxedFeatures: fc.array(text, { maxLength: 2 }),
    slack: fc.nat({ max: 2 ** 20 }),
  })
  .map(({ model, image, inputs, outputs, states, calls, features, relaxedFeatures, threads, slack }) => {
    let end = 0;
    const place = (name: string, shape: number[]): Port => {
      const offset = end;
      end += Math.ceil((4 * elementCount(shape)) / 16) * 16;
      return { name, shape, offset };
    };
    const placeAll = (shapes: readonly number[][]): Port[] => {
      const names = portNames(shapes.length);
      return shapes.map((shape, index) => place(names[index] ?? '', shape));
    };
    const inputPorts = placeAll(inputs);
    const outputPorts = placeAll(outputs);
    const statePorts = placeAll(states.map(([shape]) => shape)).map((port, index): StatePort => {
      const [shape = [], initialised, seed = 0] = states[index] ?? [];
      if (!initialised) return port;
      return {
        ...port,
        initial: Float32Array.from({ length: elementCount(shape) }, (_, at) => Math.sin(seed + at)),
      };
    });
    const controlOffset = Math.ceil((end + image.length) / 64) * 64;
    const plan: Plan = {
      model,
      memoryBytes: controlOffset + 128 + slack,
      imageOffset: end,
      inputs: inputPorts,
      outputs: outputPorts,
      states: statePorts,
      calls: calls.map(({ reversed, padding, ...rest }): PlannedCall => {
        const call = { ...rest, ...(padding !== null && { padding }) };
        if (reversed === null) return call;
        const result = {
          value: call.node,
          shape: [2, 2],
          offset: reversed ? 12 : 0,
          strides: reversed ? [-2, -1] : [2, 1],
        };
        return { ...call, result };
      }),
      features,
      ...(relaxedFeatures.length > 0 && { relaxedFeatures }),
      ...(threads !== null && { threads: { count: threads, controlOffset } }),
    };
    return { plan, image };
  });
