import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Images of clothes with their classes. */
export interface ClothesImages {
  readonly count: number;
  /** `count × 28 × 28` values from 0 to 255. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Extent of an image, both ways. */
export const imageExtent = 28;

const folder = '/usr/share/datasets/fashion-mnist';

/** What is missing, and how to get it. */
export function missingFashionMnist(): string | undefined {
  return existsSync(folder) ? undefined : 'Fashion-MNIST: apt-get install dataset-fashion-mnist';
}

/** One part of Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 60,000 images to train with, 10,000 to test with. */
export function readFashionMnist(part: 'train' | 't10k'): ClothesImages {
  const images = readIdx(join(folder, `${part}-images-idx3-ubyte.gz`), 3);
  const labels = readIdx(join(folder, `${part}-labels-idx1-ubyte.gz`), 1);
  if (images.values.length !== labels.values.length * imageExtent ** 2) {
    throw new Error(
      `${folder}: ${part} has images of ${images.extents.join('x')}, ${labels.extents.join()} labels`,
    );
  }
  return { count: labels.values.length, pixels: images.values, labels: labels.values };
}

/** IDX: two zero bytes, type 8 (bytes), number of dimensions, each extent as a big-endian 32-bit number, values. */
function readIdx(path: string, dimensions: number): { extents: number[]; values: Uint8Array } {
  const bytes = gunzipSync(readFileSync(path));
  if (bytes.readUInt32BE(0) !== 0x800 + dimensions) throw new Error(`${path} is no IDX file of bytes`);
  const extents = Array.from({ length: dimensions }, (_, index) => bytes.readUInt32BE(4 + 4 * index));
  const values = bytes.subarray(4 + 4 * dimensions);
  if (values.length !== extents.reduce((product, extent) => product * extent, 1)) {
    throw new Error(`${path} has ${values.length} values, its head says ${extents.join('x')}`);
  }
  return { extents, values };
}
