import { toHalves } from '../kernel-ir/half.ts';
import type { ElementType } from '../kernel-ir/types.ts';

/** Collects integers and floats in one sequence of words of four bytes. */
export class StreamWriter {
  private words = new Int32Array(1024);
  private floats = new Float32Array(this.words.buffer);
  /** Words written so far. */
  length = 0;

  /** Appends a signed 32-bit integer. */
  integer(value: number): void {
    this.reserve();
    this.words[this.length++] = value;
  }

  /** Appends the bits of floats, two halves in a word; a word that they do not fill ends in zeros. */
  elements(values: readonly number[], element: ElementType): void {
    if (element === 'f16') {
      const halves = toHalves(values);
      for (let at = 0; at < halves.length; at += 2) {
        this.integer((halves[at] ?? 0) | ((halves[at + 1] ?? 0) << 16));
      }
      return;
    }
    for (const value of values) {
      this.reserve();
      this.floats[this.length++] = value;
    }
  }

  /** What was written. */
  finish(): Int32Array {
    return this.words.slice(0, this.length);
  }

  private reserve(): void {
    if (this.length < this.words.length) return;
    const larger = new Int32Array(this.words.length * 2);
    larger.set(this.words);
    this.words = larger;
    this.floats = new Float32Array(larger.buffer);
  }
}
