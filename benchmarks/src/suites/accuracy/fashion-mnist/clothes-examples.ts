import type { Examples } from '../datasets/examples.ts';
import { imageExtent, type ClothesImages } from '../datasets/fashion-mnist.ts';

/** Mean and standard deviation of the pixels of the training images, from 0 to 1. */
const mean = 0.286;
const deviation = 0.353;

/** Images as a network sees them; varied ones are moved by up to a pixel and mirrored. */
export function clothesExamples({ count, pixels, labels }: ClothesImages): Examples {
  const size = imageExtent ** 2;
  return {
    count,
    labels,
    write: (index, target, random) => {
      const moved = (): number => (random ? Math.floor(random() * 3) - 1 : 0);
      const [moveX, moveY, mirror] = [moved(), moved(), random !== undefined && random() < 0.5];
      for (let y = 0; y < imageExtent; y++) {
        for (let x = 0; x < imageExtent; x++) {
          const fromX = (mirror ? imageExtent - 1 - x : x) + moveX;
          const fromY = y + moveY;
          const outside = fromX < 0 || fromX >= imageExtent || fromY < 0 || fromY >= imageExtent;
          const pixel = outside ? 0 : (pixels[index * size + fromY * imageExtent + fromX] ?? 0);
          target[y * imageExtent + x] = (pixel / 255 - mean) / deviation;
        }
      }
    },
  };
}
