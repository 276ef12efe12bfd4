import { describe, expect, it } from 'vitest';

import {
  elementsIn,
  interpretKernel,
  kernelFamilies,
  startsBuffer,
  type BufferContents,
  type BufferPointer,
  type GridChoice,
  type GridLimits,
  type KernelCase,
} from '../src/index.ts';
import { randomSource } from './support/random-source.ts';

const limits: GridLimits = { groupItems: 256, localBytes: 2 ** 15, imageBytes: 2 ** 20 };

const BAND_BYTES = 64;
const BAND_VALUE = 0xa5;

const viewOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** A buffer inside bands whose bytes a kernel must not change. */
function banded(contents: BufferContents): BufferPointer {
  const memory = new Uint8Array(contents.byteLength + 2 * BAND_BYTES).fill(BAND_VALUE);
  memory.set(new Uint8Array(contents.buffer, contents.byteOffset, contents.byteLength), BAND_BYTES);
  return { memory, offset: BAND_BYTES };
}

const bandedAll = (buffers: KernelCase['buffers']): Record<string, BufferPointer> =>
  Object.fromEntries(Object.entries(buffers).map(([name, contents]) => [name, banded(contents)]));

/** Runs a case whole and as a grid, and compares the bits of what it has to write. */
function checkGrid(tested: KernelCase, choice: GridChoice): void {
  const whole = bandedAll(tested.buffers);
  interpretKernel(tested.kernel, whole);

  const { kernel, starts } = tested.grid({
    choice,
    limits,
    bytesOf: (name) => tested.buffers[name]?.byteLength,
  });
  const divided = bandedAll(tested.buffers);
  const contents = Object.fromEntries(
    Object.entries(tested.buffers).map(([name, values]) => [name, viewOf(values)]),
  );
  interpretKernel(kernel, {
    ...divided,
    ...(starts ? { [startsBuffer]: banded(starts.table(contents)) } : {}),
  });

  for (const [name, values] of Object.entries(tested.expected)) {
    const before = tested.buffers[name];
    const [wholeBytes, dividedBytes] = [whole[name]?.memory, divided[name]?.memory];
    if (!wholeBytes || !dividedBytes || !before) throw new TypeError(name);
    const end = BAND_BYTES + before.byteLength;
    const bands = [...dividedBytes.subarray(0, BAND_BYTES), ...dividedBytes.subarray(end)];
    expect(
      bands.every((byte) => byte === BAND_VALUE),
      `bytes around ${name}`,
    ).toBe(true);
    const floats = (bytes: Uint8Array): Float32Array => elementsIn(before, bytes.subarray(BAND_BYTES, end));
    const [expected, actual] = [floats(wholeBytes), floats(dividedBytes)];
    values.forEach((value, index) => {
      if (!Number.isNaN(value)) expect(actual[index], `${name}[${String(index)}]`).toBe(expected[index]);
    });
  }
}

/** Choices that differ from case to case: fewest turns per work-item, more, groups along each of the loops. */
function choiceOf({ loops }: KernelCase, position: number): GridChoice {
  const loop = loops[position % Math.max(1, loops.length)];
  if (!loop || position % 3 === 0) return {};
  const { name, multiple } = loop;
  return position % 3 === 1
    ? { turns: { [name]: 2 * multiple }, scratch: 'local' }
    : { group: { [name]: 3 } };
}

/** Of cases of halves, which differ from others in what a step in memory is, one in so many. */
const HALF_CASES = 4;

describe('work-items give the bits of the whole kernel', () => {
  const rows = kernelFamilies.flatMap((family) => family.elements.map((element) => ({ family, element })));
  it.each(rows)('$family.name of $element', ({ family, element }) => {
    let position = 0;
    let shared = 0;
    for (const tested of family.cases(randomSource(1), element)) {
      const choice = choiceOf(tested, position++);
      if (element === 'f16' && position % HALF_CASES > 0) continue;
      try {
        checkGrid(tested, choice);
      } catch (error) {
        throw new Error(`${tested.name} (${tested.kernel.name}) ${JSON.stringify(choice)}`, {
          cause: error,
        });
      }
      if (tested.loops.length > 0) shared++;
    }
    expect(shared).toBeGreaterThan(0);
  });
});
