/** Windows over one or two dimensions, as two: one dimension has a height of 1. */
export interface WindowPlane {
  /** Extents before, after, and of the window: height and width. */
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padsBegin: readonly [number, number];
}

/** The attributes that convolutions and pools share. */
export interface WindowAttributes {
  readonly strides: readonly number[];
  readonly padsBegin: readonly number[];
  readonly dilations: readonly number[];
}

function plane(values: readonly number[], height: number): readonly [number, number] {
  const [first = 1, second] = values;
  return second === undefined ? [height, first] : [first, second];
}

/**
 * The windows of a convolution or pool.
 *
 * @param op - Its attributes.
 * @param input - Spatial extents of the operand.
 * @param kernel - Extents of the window.
 * @param output - Spatial extents of the result.
 */
export function windowPlane(
  op: WindowAttributes,
  input: readonly number[],
  kernel: readonly number[],
  output: readonly number[],
): WindowPlane {
  return {
    input: plane(input, 1),
    output: plane(output, 1),
    kernel: plane(kernel, 1),
    strides: plane(op.strides, 1),
    dilations: plane(op.dilations, 1),
    padsBegin: plane(op.padsBegin, 0),
  };
}

/** Where one element of a window is: the rest of its index by the stride, and how many strides it is away. */
export interface Tap {
  readonly phase: readonly [number, number];
  readonly shift: readonly [number, number];
}

/** The elements of a window in row-major order. */
export function tapsOf({ kernel: [height, width], strides, dilations }: WindowPlane): Tap[] {
  return Array.from({ length: height * width }, (_, index) => {
    const y = Math.floor(index / width) * dilations[0];
    const x = (index % width) * dilations[1];
    return {
      phase: [y % strides[0], x % strides[1]],
      shift: [Math.floor(y / strides[0]), Math.floor(x / strides[1])],
    };
  });
}

/** Extents of one phase: every stride-th element, with all that windows reach. */
export function phaseExtent({ output }: WindowPlane, taps: readonly Tap[]): readonly [number, number] {
  return [
    output[0] + Math.max(...taps.map(({ shift }) => shift[0])),
    output[1] + Math.max(...taps.map(({ shift }) => shift[1])),
  ];
}

/** The elements of a window that are in one phase of its strides. */
export interface PhaseTaps {
  readonly phase: readonly [number, number];
  readonly members: readonly Tap[];
}

/** Elements by phase, in the order of the first of each. */
export function phaseTaps(taps: readonly Tap[]): PhaseTaps[] {
  const found: { phase: Tap['phase']; members: Tap[] }[] = [];
  for (const tap of taps) {
    const [y, x] = tap.phase;
    const known = found.find(({ phase }) => phase[0] === y && phase[1] === x);
    if (known) known.members.push(tap);
    else found.push({ phase: tap.phase, members: [tap] });
  }
  return found;
}
