/*
 * The wire format of Protocol Buffers, as far as a model of one node needs it: a field is its number and type as a varint,
 * then a varint (type 0) or a length and that many bytes (type 2).
 */

/** Encoded fields, one after the other. */
export type Fields = Uint8Array<ArrayBuffer>;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

/** A field with a whole number of 0 or more. */
export function numberField(field: number, value: number): Fields {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

/** A field with bytes, a text, or a message. */
export function bytesField(field: number, content: Uint8Array | string): Fields {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return joined([Uint8Array.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes]);
}

/** Fields one after the other: a message. */
export function joined(parts: readonly Uint8Array[]): Fields {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}
