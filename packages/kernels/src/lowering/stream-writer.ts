/** Collects integers and 32-bit floats, four bytes each, in one sequence. */
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

  /** Appends the bits of a 32-bit float. */
  float(value: number): void {
    this.reserve();
    this.floats[this.length++] = value;
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
