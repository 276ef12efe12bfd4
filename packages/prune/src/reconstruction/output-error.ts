import { productEnergy, type Objective } from './least-squares.ts';

/**
 * Energy of the error of a weight's products with the calibration vectors, divided by that of the products; 0 where these have none.
 *
 * @param objective - The weight as it was, and what it multiplies, without damping.
 * @param values - The weight afterwards, `rows × columns`.
 */
export function outputError(objective: Objective, values: Float32Array): number {
  const total = productEnergy(objective);
  return total > 0 ? productEnergy(objective, values) / total : 0;
}
