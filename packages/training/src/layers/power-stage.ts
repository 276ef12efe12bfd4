import { elementCount, rowMajorStrides, type Shape } from '@grim/ir';
import { download, upload } from '../jax/transfer.ts';
import { present } from './present.ts';
import type { Stage, StageSite } from './stage.ts';

/** Which element of an operand each element of a result has, where the operand is broadcast. */
function broadcastOffsets(operand: Shape, output: Shape): Int32Array {
  const strides = rowMajorStrides(operand);
  const outputStrides = rowMajorStrides(output);
  const missing = output.length - operand.length;
  return Int32Array.from({ length: elementCount(output) }, (_, index) =>
    operand.reduce((offset, extent, axis) => {
      if (extent === 1) return offset;
      const place = Math.floor(index / present(outputStrides[axis + missing])) % extent;
      return offset + place * present(strides[axis]);
    }, 0),
  );
}

/** `e·x^(e−1)`, zero for an exponent of zero whatever the base. */
function slopeByBase(base: number, exponent: number): number {
  return exponent === 0 ? 0 : exponent * base ** (exponent - 1);
}

/** `x^e·ln x`, whose limit at a base of zero is zero; there is none for negative bases. */
function slopeByExponent(base: number, exponent: number): number {
  return base === 0 && exponent >= 0 ? 0 : base ** exponent * Math.log(base);
}

/**
 * Powers, of operands that broadcast, without their activation. jax-js takes them by logarithms, so that a base of zero has neither a
 * value to the power of zero nor derivatives; these loops are those of the reference.
 */
export function powerStage(site: StageSite): Stage {
  const { jax, wanted } = site;
  const outputShape = present(site.outputShapes[0]);
  const operands = [0, 1].map((position) => {
    const shape = present(site.inputShapes[position]);
    return { shape, offsets: broadcastOffsets(shape, outputShape) };
  });
  const [ofBases, ofExponents] = [present(operands[0]), present(operands[1])];
  return async ([x, e]) => {
    const [bases, exponents] = [await download(present(x).ref), await download(present(e).ref)];
    const pairs = (compute: (base: number, exponent: number) => number): Float32Array =>
      Float32Array.from(ofBases.offsets, (offset, index) =>
        compute(bases[offset] ?? 0, exponents[ofExponents.offsets[index] ?? 0] ?? 0),
      );
    return {
      outputs: [
        upload(
          jax,
          pairs((base, exponent) => base ** exponent),
          outputShape,
        ),
      ],
      pullBack: async ([given]) => {
        if (!given) return [null, null];
        const cotangent = await download(given.ref);
        return [slopeByBase, slopeByExponent].map((slope, position) => {
          if (!wanted[position]) return null;
          const { shape, offsets } = present(operands[position]);
          const sums = new Float64Array(elementCount(shape));
          pairs(slope).forEach((value, index) => {
            const offset = offsets[index] ?? 0;
            sums[offset] = (sums[offset] ?? 0) + value * (cotangent[index] ?? 0);
          });
          return upload(jax, Float32Array.from(sums), shape);
        });
      },
      // What is kept for the backward pass is not jax-js's.
      release: () => undefined,
    };
  };
}
