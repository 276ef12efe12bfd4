/**
 * Marks the entries with the greatest energy. Forced entries come first, whatever their energy; of equal ones the lower
 * index wins, so that the choice is the same everywhere.
 *
 * @param energies - Energy of each entry.
 * @param count - Entries to mark; all forced ones are, even beyond it.
 * @param forced - 1 for entries that must be marked.
 * @returns One flag per entry.
 */
export function strongest(energies: Float64Array, count: number, forced?: Uint8Array): Uint8Array {
  const flags = new Uint8Array(energies.length);
  let marked = 0;
  for (const index of byStrength(energies, forced)) {
    // Forced ones come first.
    if (marked >= count && forced?.[index] !== 1) break;
    flags[index] = 1;
    marked++;
  }
  return flags;
}

/** Indices in the order in which {@link strongest} takes them. */
export function byStrength(energies: Float64Array, forced?: Uint8Array): number[] {
  const order: number[] = [];
  for (let index = 0; index < energies.length; index++) order.push(index);
  const stronger = (a: number, b: number): number => (energies[b] ?? 0) - (energies[a] ?? 0) || a - b;
  return order.sort(forced ? (a, b) => (forced[b] ?? 0) - (forced[a] ?? 0) || stronger(a, b) : stronger);
}
