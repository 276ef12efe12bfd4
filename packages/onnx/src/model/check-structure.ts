import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { GrimError } from '@grim/ir';
import type { ImportLimits } from '../import-limits.ts';

/*
 * Decoding makes an object for every message and a number or bigint for every number that is listed, which can take a
 * hundred times the bytes they are written with. So the structure is walked first, keeping nothing: every length must
 * lie inside the message it is in, and messages and listed numbers are counted against the limits.
 */

interface OpenMessage {
  readonly fields: ReadonlyMap<number, DescField>;
  readonly end: number;
}

/** How one element of a scalar type is written. */
function wireTypeOf(scalar: ScalarType): WireType {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    default:
      return WireType.Varint;
  }
}

/** Fewest bytes that one element takes. */
const elementBytes = new Map<WireType, number>([
  [WireType.Bit32, 4],
  [WireType.Bit64, 8],
]);

function submessage(field: DescField | undefined): DescMessage | undefined {
  if (field?.fieldKind === 'message') return field.message;
  return field?.fieldKind === 'list' && field.listKind === 'message' ? field.message : undefined;
}

function checkWireType(field: DescField, found: WireType, element: WireType): void {
  const packed = field.fieldKind === 'list' && found === WireType.LengthDelimited;
  if (found !== element && !packed) throw new GrimError(`field ${field.name} has wire type ${found}`);
}

/**
 * Walks protobuf bytes without decoding them.
 *
 * @throws GrimError when a length leaves its message, a wire type is not that of its field, or a limit is reached; the
 * reader's own errors when the bytes end inside a field.
 */
export function checkStructure(schema: DescMessage, bytes: Uint8Array, limits: ImportLimits): void {
  const reader = new BinaryReader(bytes);
  const known = new Map<DescMessage, ReadonlyMap<number, DescField>>();
  const open = (message: DescMessage, end: number): OpenMessage => {
    const fields = known.get(message) ?? new Map(message.fields.map((field) => [field.number, field]));
    known.set(message, fields);
    return { fields, end };
  };
  // A graph in an attribute in a node is three messages; around the first graph there is one, and the dimensions of its
  // inputs are five inside the last.
  const depth = 3 * limits.graphDepth + 7;
  const stack = [open(schema, bytes.length)];
  let messages = 0;
  let numbers = 0;
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (reader.pos === top.end) {
      stack.pop();
      continue;
    }
    const [fieldNumber, wireType] = reader.tag();
    if (wireType === WireType.StartGroup || wireType === WireType.EndGroup) {
      throw new GrimError('groups are not part of the schema');
    }
    const field = top.fields.get(fieldNumber);
    const message = submessage(field);
    const element = message ? WireType.LengthDelimited : wireTypeOf(field?.scalar ?? ScalarType.INT32);
    if (field) checkWireType(field, wireType, element);
    const listed = field?.fieldKind === 'list' && element !== WireType.LengthDelimited;
    if (wireType !== WireType.LengthDelimited) {
      reader.skip(wireType, fieldNumber, 0);
      if (listed) numbers++;
      if (reader.pos > top.end)
        throw new GrimError(`field ${fieldNumber} is longer than the message it is in`);
    } else {
      const length = reader.uint32();
      if (length > top.end - reader.pos) {
        throw new GrimError(`field ${fieldNumber} is longer than the message it is in`);
      }
      if (message) {
        messages++;
        stack.push(open(message, reader.pos + length));
      } else {
        if (listed) numbers += Math.ceil(length / (elementBytes.get(element) ?? 1));
        reader.pos += length;
      }
    }
    if (messages > limits.messages) throw new GrimError(`the file has more than ${limits.messages} parts`);
    if (numbers > limits.listedNumbers) {
      throw new GrimError(`the file lists more than ${limits.listedNumbers} numbers one by one`);
    }
    if (stack.length > depth) throw new GrimError(`graphs are nested deeper than ${limits.graphDepth}`);
  }
}
