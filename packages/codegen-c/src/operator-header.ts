/** Name of the file with {@link operatorHeader}. */
export const operatorHeaderFile = 'grim_operator.h';

/** What C files with operators of a user's own include: how compiled models call them. */
export const operatorHeader = `/*
 * How a compiled model calls an operator of your own. One with the operands a and b and the result y is the function
 *
 *   void NAME(const float *a, const float *b, float *y, const grim_shape *shapes, const double *attributes);
 *
 * - One pointer per operand, in order: its values in row-major order, aligned to 16 bytes, not to be written. NULL where an optional
 *   operand is absent.
 * - One pointer per result, in order, aligned likewise. All of its values are to be written; before they may be anything. No two
 *   pointers lead to the same bytes, but operands that are one value.
 * - shapes: one per operand, then one per result.
 * - attributes: the numbers of the attributes in the order in which they were declared, lists one number after another; NULL where
 *   there are none.
 *
 * It is called by one thread at a time, may use the stack and constants, and must not allocate memory. What it keeps in variables of
 * its own is shared by all that runs the model; keep what must last in a state of the model.
 */
#ifndef GRIM_OPERATOR_H
#define GRIM_OPERATOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The shape of a tensor. */
typedef struct grim_shape {
  /** Number of dimensions. */
  int32_t rank;
  /** Extent of each, the outermost first; 1 from the rank on. */
  int32_t extents[8];
} grim_shape;

/** Number of values of a tensor. */
static inline size_t grim_element_count(const grim_shape *shape) {
  size_t count = 1;
  for (int32_t axis = 0; axis < shape->rank; axis++) count *= (size_t)shape->extents[axis];
  return count;
}

#ifdef __cplusplus
}
#endif

#endif
`;
