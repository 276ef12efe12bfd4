import { renderKernel, assemble } from '@grim/codegen-wasm';
import { csrSpmv, lowerKernel, packCsrSpmv, type CsrSpmvSchedule } from '@grim/kernels';
import { grimSide } from './grim-side.ts';
import { usefulMacs, type Layer, type LayerWeight } from './layer.ts';
import type { PreparedSide } from './prepared-side.ts';
import { quickest } from './quickest.ts';

const PAGE_BYTES = 65536;

/** Rows of pixels that one row of weights is applied to before the next. */
const blockHeights = [2, 4, 16] as const;

/** A tile of pixels of one row of the matrix. */
interface Tile {
  readonly pixelVectors: number;
  readonly tileRows: number;
}

const tiles: readonly Tile[] = [
  ...[1, 2, 3, 4, 7, 8].map((pixelVectors) => ({ pixelVectors, tileRows: 1 })),
  ...[1, 2, 4].map((pixelVectors) => ({ pixelVectors, tileRows: 2 })),
];

/**
 * A convolution with one column list per row, as compressed sparse rows have it: the same kernel family, without im2col, rows
 * one at a time, with the tile of pixels and then the cache block that run quickest.
 */
export async function csrConvolution(layer: Layer, weights: readonly LayerWeight[]): Promise<PreparedSide> {
  const compile = async (tile: Tile, blockHeight: number): Promise<PreparedSide & { tile: Tile }> => {
    const schedule = { groupRows: 1, blockHeight, ...tile };
    return { ...(await grimSide(layer, weights, { schedule })), tile };
  };
  const tiled = await Promise.all(tiles.map((tile) => compile(tile, 4)));
  const { tile } = await quickest(tiled);
  return quickest(await Promise.all(blockHeights.map((blockHeight) => compile(tile, blockHeight))));
}

/** A product with a vector in compressed sparse rows. */
export async function csrProduct(
  layer: Layer,
  weights: readonly LayerWeight[],
  schedule: CsrSpmvSchedule,
): Promise<PreparedSide> {
  const [weight] = weights;
  const [input] = layer.inputs;
  if (!weight || !input) throw new TypeError(`${layer.shape.name} has no weight`);
  const packed = packCsrSpmv(weight.matrix);
  const kernel = lowerKernel(csrSpmv, packed.problem, schedule);
  const { values, columns, rowStarts } = packed;
  const contents: Record<string, ArrayBufferView> = { input: input.values, values, columns, rowStarts };
  const output = new Float32Array(weight.matrix.rows);
  let end = 64;
  const places = kernel.buffers.map(({ name }) => {
    const view = name === 'output' ? output : contents[name];
    if (!view) throw new TypeError(`${kernel.name} has an unknown buffer ${name}`);
    const address = end;
    end = Math.ceil((end + view.byteLength + 16) / 64) * 64;
    return { name, view, address };
  });
  const pages = Math.ceil(end / PAGE_BYTES);
  const operands = places.map(({ address }) => `(i32.const ${address})`).join(' ');
  const text = `(module (memory (export "memory") ${pages}) ${renderKernel(kernel)}
    (func (export "run") (call $${kernel.name} ${operands})))`;
  const module = new WebAssembly.Module((await assemble(text)) as Uint8Array<ArrayBuffer>);
  const { exports } = new WebAssembly.Instance(module);
  const { buffer } = exports['memory'] as WebAssembly.Memory;
  for (const { view, address } of places) {
    new Uint8Array(buffer).set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), address);
  }
  const run = exports['run'] as () => void;
  run();
  const written = places.find(({ name }) => name === 'output');
  return {
    run,
    macs: usefulMacs(weights),
    padding: 1,
    weightBytes: values.byteLength + columns.byteLength + rowStarts.byteLength,
    path: `compressed sparse rows, ${packed.problem.index}, ${schedule.accumulators} sum(s) per row`,
    output: new Float32Array(buffer, written?.address, output.length).slice(),
  };
}
