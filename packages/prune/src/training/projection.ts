import { applyMask, type Matrix } from '@grim/bcr';
import { projectWeights } from '../project-weights.ts';
import type { Assignment } from '../selection/assignment.ts';
import { projectElements } from './project-elements.ts';

/**
 * What is kept of a matrix, the nearest one in the pattern being made of it: 1 or 0 for each element.
 *
 * `rateOf` gives the rate to use for an assigned one. Throws a RangeError when the rate or the matrix is not possible.
 */
export type Projection = (matrix: Matrix, rateOf?: (rate: number) => number) => Uint8Array;

/** What a pattern of zeros is made of: rows and columns of blocks, or elements. */
export type Pattern = 'bcr' | 'unstructured';

/** The projection that a weight is assigned. */
export function projectionOf(assignment: Assignment, pattern: Pattern): Projection {
  if (pattern === 'unstructured') {
    const rates = assignment.gateRates ?? [assignment.projection.rate];
    return (matrix, rateOf = (rate) => rate) => projectElements(matrix, rates.map(rateOf));
  }
  return (matrix, rateOf) => {
    const mask = projectWeights(matrix, assignment, rateOf);
    const ones = { ...matrix, values: new Float32Array(matrix.values.length).fill(1) };
    return Uint8Array.from(applyMask(ones, mask).values);
  };
}
