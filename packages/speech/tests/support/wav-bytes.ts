/** A chunk of a RIFF file, with its padding byte. */
export function chunk(name: string, body: Uint8Array, declared = body.length): Uint8Array {
  const bytes = new Uint8Array(8 + body.length + (body.length % 2));
  bytes.set(Buffer.from(name, 'latin1'));
  new DataView(bytes.buffer).setUint32(4, declared, true);
  bytes.set(body, 8);
  return bytes;
}

/** A RIFF file of form WAVE; its length field is right unless told. */
export function wavFile(chunks: readonly Uint8Array[], declared?: number): Uint8Array {
  const body = Buffer.concat([Buffer.from('WAVE', 'latin1'), ...chunks]);
  return chunk('RIFF', body, declared ?? body.length);
}

/** The body of a `fmt ` chunk. */
export function formatBody(fields: {
  tag: number;
  channels?: number;
  sampleRate?: number;
  bytes: number;
  bits?: number;
  subformat?: readonly number[];
}): Uint8Array {
  const { tag, channels = 1, sampleRate = 8000, bytes, bits = bytes * 8, subformat } = fields;
  const body = new Uint8Array(subformat === undefined ? 16 : 40);
  const view = new DataView(body.buffer);
  view.setUint16(0, tag, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, sampleRate, true);
  view.setUint32(8, sampleRate * channels * bytes, true);
  view.setUint16(12, channels * bytes, true);
  view.setUint16(14, bits, true);
  if (subformat !== undefined) {
    view.setUint16(16, 22, true);
    view.setUint16(18, bits, true);
    body.set(subformat, 24);
  }
  return body;
}

/** The sub-format GUID of a format tag. */
export function subformat(tag: number): number[] {
  return [tag & 255, tag >> 8, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
}

/** The chunks of a RIFF file by name and place, read without the code under test. */
export function chunksOf(bytes: Uint8Array): { name: string; body: Buffer }[] {
  const buffer = Buffer.from(bytes);
  const chunks: { name: string; body: Buffer }[] = [];
  for (let offset = 12; offset < buffer.length;) {
    const length = buffer.readUInt32LE(offset + 4);
    const name = buffer.toString('latin1', offset, offset + 4);
    chunks.push({ name, body: buffer.subarray(offset + 8, offset + 8 + length) });
    offset += 8 + length + (length % 2);
  }
  return chunks;
}
