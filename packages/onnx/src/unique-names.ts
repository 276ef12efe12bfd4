/** Names that are each given once. */
export class UniqueNames {
  readonly #taken: Set<string>;
  /** The number to try next for a name that was wanted before: a file may want one name a million times. */
  readonly #next = new Map<string, number>();

  /** @param taken - names that are in use already */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** The name itself, or with a number behind it when it is taken. */
  take(wanted: string): string {
    let name = wanted;
    let count = this.#next.get(wanted) ?? 2;
    while (this.#taken.has(name)) name = `${wanted}_${count++}`;
    if (name !== wanted) this.#next.set(wanted, count);
    this.#taken.add(name);
    return name;
  }
}
