/** Text: at least 4 : 1 against white and against black. */
export const ink = '#7a7a7a';

/** Axes, grids and borders. */
export const lines = '#9a9a9a';

/** Series, one after the other: none is near white or black. */
export const palette = [
  '#3b82f6',
  '#e2592b',
  '#16a34a',
  '#a855f7',
  '#b98307',
  '#0891b2',
  '#db2777',
  '#6b8e23',
];
