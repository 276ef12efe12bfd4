/** Bytes on a line of the text. */
const LINE_BYTES = 24;

/**
 * Constant bytes as a C file with one array.
 *
 * @param name - Name of the array.
 * @param header - Header that declares it.
 */
export function renderBytes(name: string, header: string, bytes: Uint8Array): string {
  const lines = Array.from({ length: Math.ceil(bytes.length / LINE_BYTES) }, (_, line) =>
    [...bytes.subarray(line * LINE_BYTES, (line + 1) * LINE_BYTES)].map(String).join(','),
  );
  return [
    `#include "${header}"`,
    '',
    '#include <stdalign.h>',
    '',
    `alignas(16) const unsigned char ${name}[${String(bytes.length)}] = {`,
    ...lines.map((line) => `${line},`),
    '};',
    '',
  ].join('\n');
}
