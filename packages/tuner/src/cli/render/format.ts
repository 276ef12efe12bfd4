const groups = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `198,144` */
export function formatCount(value: number): string {
  return groups.format(value);
}

/** Bytes with three significant digits: `812 B`, `12.3 KiB`, `1.20 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${units[Math.max(0, unit)] ?? ''}`;
}

/** `75.0 %` of a whole; a dash when there is no whole. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

/** A ratio with two decimals; nothing where there is none. */
export function formatRatio(ratio: number | null): string {
  return ratio === null ? '' : ratio.toFixed(2);
}

/** Microseconds: `41.3 µs`, `1.23 ms`. */
export function formatTime(microseconds: number): string {
  return microseconds < 1000
    ? `${microseconds.toPrecision(3)} µs`
    : `${(microseconds / 1000).toPrecision(3)} ms`;
}

/** A number with few digits; `null` is what is not finite. */
export function formatNumber(value: number | null): string {
  return value === null ? 'not finite' : String(Number(value.toPrecision(6)));
}
