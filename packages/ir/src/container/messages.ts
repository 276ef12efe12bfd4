import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { GrimError } from '../errors.ts';

/** Reads a message; bytes that are not one are a {@link GrimError}. */
export function decodeMessage<Desc extends DescMessage>(schema: Desc, bytes: Uint8Array): MessageShape<Desc> {
  try {
    return fromBinary(schema, bytes, { readUnknownFields: false });
  } catch (error) {
    throw new GrimError(`is not a ${schema.name} message: ${reason(error)}`);
  }
}

/** Writes a message; values that do not fit their field (a fraction where an integer belongs) are a {@link GrimError}. */
export function encodeMessage<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
): Uint8Array {
  try {
    return toBinary(schema, message);
  } catch (error) {
    throw new GrimError(`cannot be stored: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ');
}
