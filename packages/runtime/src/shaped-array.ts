import type { Shape } from '@grim/ir/program';

declare const shapeOf: unique symbol;

/**
 * A `Float32Array` whose type says what shape its values have, in row-major order, e.g. `ShapedArray<readonly [1, 576]>`.
 *
 * The shape is there for the compiler only. A plain `Float32Array` fits any shape, and its length is checked when it is
 * given to a session; an array that is known to have another shape does not compile.
 */
export type ShapedArray<S extends Shape> = Float32Array & { readonly [shapeOf]?: S };
