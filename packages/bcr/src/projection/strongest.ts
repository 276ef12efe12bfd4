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
  for (const [position, index] of byStrength(energies, forced).entries()) {
    if (position < count || forced?.[index] === 1) flags[index] = 1;
  }
  return flags;
}

/** Indices in the order in which {@link strongest} takes them. */
export function byStrength(energies: Float64Array, forced?: Uint8Array): number[] {
  const order = Array.from(energies, (_, index) => index);
  return order.sort(
    (a, b) => (forced?.[b] ?? 0) - (forced?.[a] ?? 0) || (energies[b] ?? 0) - (energies[a] ?? 0) || a - b,
  );
}
