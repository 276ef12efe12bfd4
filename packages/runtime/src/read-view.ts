import { elementCount, formatShape, GrimError, type StridedView, type Tensor } from '@grim/ir/program';

/** Copies a tensor of any layout out of linear memory into row-major order. */
export function readView(memory: ArrayBufferLike, view: StridedView): Tensor {
  const { shape, strides, offset } = view;
  const count = elementCount(shape);
  const source = new Float32Array(memory, 0, memory.byteLength >>> 2);
  if (offset % 4 !== 0 || count > source.length || strides.length !== shape.length) throw outside(view);
  const data = new Float32Array(count);
  const position = new Array<number>(shape.length).fill(0);
  let at = offset / 4;
  for (let index = 0; index < count; index++) {
    const value = source[at];
    if (value === undefined) throw outside(view);
    data[index] = value;
    // Steps like an odometer: the last dimension fastest; one that is full goes back to 0 and carries.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number;
      const next = (position[axis] as number) + 1;
      if (next < (shape[axis] as number)) {
        position[axis] = next;
        at += stride;
        break;
      }
      position[axis] = 0;
      at -= stride * (next - 1);
    }
  }
  return { shape, data };
}

function outside({ value, shape, offset, strides }: StridedView): GrimError {
  return new GrimError(
    `value ${value} ${formatShape(shape)} with strides ${formatShape(strides)} at byte ${offset} lies outside linear memory`,
  );
}
