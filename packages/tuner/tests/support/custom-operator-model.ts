/** A field of a protobuf message: text, a message, a whole number, or floats as they are stored. */
type Field = readonly [number: number, value: string | Uint8Array | number | Float32Array];

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];

/** A protobuf message: enough of the format for a small ONNX model. */
function message(...fields: readonly Field[]): Uint8Array {
  const bytes = fields.flatMap(([number, value]): number[] => {
    if (value instanceof Float32Array) {
      return [...varint(number * 8 + 5), ...new Uint8Array(value.slice().buffer)];
    }
    if (typeof value === 'number') return [...varint(number * 8), ...varint(value)];
    const contents = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return [...varint(number * 8 + 2), ...varint(contents.length), ...contents];
  });
  return Uint8Array.from(bytes);
}

function valueInfo(name: string, shape: readonly number[]): Uint8Array {
  const dimensions = shape.map((extent): Field => [1, message([1, extent])]);
  return message([1, name], [2, message([1, message([1, 1], [2, message(...dimensions)])])]);
}

/** An ONNX model: y = −SoftClip(x) of [2, 3], where `com.example.SoftClip` has one attribute, `limit` = 2. */
export function customOperatorModel(): Uint8Array {
  const limit = message([1, 'limit'], [2, Float32Array.of(2)], [20, 1]);
  const clip = message(
    [1, 'x'],
    [2, 'clipped'],
    [3, 'clip'],
    [4, 'SoftClip'],
    [5, limit],
    [7, 'com.example'],
  );
  const negate = message([1, 'clipped'], [2, 'y'], [3, 'negate'], [4, 'Neg']);
  const graph = message(
    [1, clip],
    [1, negate],
    [2, 'clipping'],
    [11, valueInfo('x', [2, 3])],
    [12, valueInfo('y', [2, 3])],
  );
  return message(
    [1, 8],
    [7, graph],
    [8, message([1, ''], [2, 17])],
    [8, message([1, 'com.example'], [2, 1])],
  );
}
