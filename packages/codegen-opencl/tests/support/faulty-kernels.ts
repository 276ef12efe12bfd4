import { integer, KernelBuilder, load, type Kernel } from '@grim/kernels';

import { openclProfiles, renderSource } from '../../src/index.ts';
import { openDevice } from '../../src/node.ts';

// Runs a kernel whose work-items write to one place, and one that reads far behind its buffer: a program of its own, to show that a
// simulator says so.

/** A kernel for four work-items. */
function kernelOf(name: string, fill: (builder: KernelBuilder) => void): Kernel {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('output', 'write');
  fill(builder);
  const dimension = { name: 'item', index: 'item0', first: 'first0', items: 4, groupItems: 2 };
  const grid = { dimensions: [dimension], staged: [], images: [], scratch: [] };
  return { ...builder.build(name, 'faulty'), grid };
}

const racing = kernelOf('racing', (builder) => {
  builder.store('output', integer(0), 0, { op: 'read', type: 'i32', name: 'item0' });
});
const outside = kernelOf('outside', (builder) => {
  builder.store('output', integer(0), 0, load('f32', 'input', integer(2 ** 20)));
});

const device = openDevice();
const program = device.compile(renderSource([racing, outside], openclProfiles.generic));
const [input, output] = [device.allocate(64), device.allocate(64)];
for (const kernel of [racing, outside]) {
  program.launch(kernel, [
    { memory: input, offset: 0 },
    { memory: output, offset: 0 },
  ]);
}
device.finish();
device.close();
