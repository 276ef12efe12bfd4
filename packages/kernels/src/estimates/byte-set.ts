/** A set of byte addresses, which may be negative; it grows to what is put in. */
export class ByteSet {
  private base = 0;
  private marks = new Uint8Array(0);

  /** Puts in `bytes` addresses from `first` on. */
  add(first: number, bytes: number): void {
    const start = first - this.base;
    if (start < 0 || start + bytes > this.marks.length) this.grow(first, first + bytes);
    const place = first - this.base;
    if (bytes === 1) this.marks[place] = 1;
    else this.marks.fill(1, place, place + bytes);
  }

  /** Calls `visit` for every run of neighbouring addresses, the smallest first. */
  forEachRun(visit: (first: number, bytes: number) => void): void {
    const { marks, base } = this;
    for (let start = marks.indexOf(1); start >= 0;) {
      const found = marks.indexOf(0, start);
      const end = found < 0 ? marks.length : found;
      visit(base + start, end - start);
      start = marks.indexOf(1, end);
    }
  }

  /** How many addresses are in the set. */
  get size(): number {
    let size = 0;
    this.forEachRun((_, bytes) => (size += bytes));
    return size;
  }

  private grow(first: number, end: number): void {
    const empty = this.marks.length === 0;
    const oldEnd = this.base + this.marks.length;
    // Room beyond what is asked for, so that growing happens seldom.
    const room = this.marks.length + 64;
    const base = empty ? first : first < this.base ? first - room : this.base;
    const last = empty ? end + room : end > oldEnd ? end + room : oldEnd;
    const marks = new Uint8Array(last - base);
    if (!empty) marks.set(this.marks, this.base - base);
    this.base = base;
    this.marks = marks;
  }
}
