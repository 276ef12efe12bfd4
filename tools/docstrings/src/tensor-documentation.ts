/** Names of the types that hold many numbers, whose meaning a reader cannot guess from the type. */
const tensorTypes =
  /\b(?:Tensor|Float(?:16|32|64)Array|(?:Big)?(?:Ui|I)nt(?:8|16|32|64)Array|Uint8ClampedArray)\b/;

/** A shape, such as `[rows, columns]` or `rows × columns`, or words that say how many elements there are. */
const shapePattern =
  /\[[^\]\s][^\]]*\]|\w\s*×\s*\w|\b(?:shapes?|length|long|elements?|values? per|one per|row-major|scalar)\b/i;

/** A unit of what one element, or the extent, is counted in. */
const unitPattern =
  /\b(?:samples?|bytes?|bits?|frames?|hertz|kHz|Hz|seconds?|milliseconds?|microseconds?|ms|µs|decibels?|dB|probabilit(?:y|ies)|pixels?|amplitudes?|offsets?|ind(?:ex|exes|ices))\b/i;

/** Whether a type, as written in the source, is a tensor or a collection of tensors. */
export function isTensorType(typeText: string): boolean {
  return tensorTypes.test(typeText);
}

/** Whether the name of a parameter is itself the unit of its elements: `bytes: Uint8Array`. */
export function isNamedAfterUnit(name: string, typeText: string): boolean {
  return name === 'bytes' && /\bUint8Array\b/.test(typeText);
}

/** Whether a documentation text gives a shape or a unit. */
export function givesShapeOrUnit(documentation: string): boolean {
  return shapePattern.test(documentation) || unitPattern.test(documentation);
}
