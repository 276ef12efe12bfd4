/**
 * One A-law byte (ITU-T G.711) as a sample in −1 to 1.
 *
 * The byte holds sign, a 3-bit exponent and a 4-bit mantissa, with every other bit inverted on the line.
 */
export function decodeALaw(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = code & 15;
  const magnitude = exponent === 0 ? mantissa * 16 + 8 : (mantissa * 16 + 0x108) << (exponent - 1);
  return (code & 0x80 ? magnitude : -magnitude) / 32768;
}

/**
 * One µ-law byte (ITU-T G.711) as a sample in −1 to 1.
 *
 * All bits are inverted on the line; the bias of 0x84 makes the steps of neighbouring exponents meet.
 */
export function decodeMuLaw(byte: number): number {
  const code = ~byte & 0xff;
  const exponent = (code >> 4) & 7;
  const mantissa = code & 15;
  const magnitude = ((mantissa * 8 + 0x84) << exponent) - 0x84;
  return (code & 0x80 ? -magnitude : magnitude) / 32768;
}
