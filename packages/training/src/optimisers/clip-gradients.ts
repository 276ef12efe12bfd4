/**
 * Gradients scaled down so that the root of the sum of all their squares is at most a limit (Pascanu et al. 2013, algorithm 1).
 *
 * @param gradients - By name of the parameter, each of its shape; not changed.
 * @param limit - Largest norm.
 */
export function clipGradients(
  gradients: ReadonlyMap<string, Float32Array>,
  limit: number,
): ReadonlyMap<string, Float32Array> {
  let squares = 0;
  for (const gradient of gradients.values()) {
    for (const value of gradient) squares += value * value;
  }
  const norm = Math.sqrt(squares);
  if (!(norm > limit)) return gradients;
  const scale = limit / norm;
  return new Map([...gradients].map(([name, gradient]) => [name, gradient.map((value) => value * scale)]));
}
