import { writeArtefact, type Graph } from '@grim/ir';

/** A `.grim` file with a graph alone. */
export function graphModel(graph: Graph): Uint8Array {
  return writeArtefact({ graph, provenance: { grimVersion: '0.1.0', options: {} } });
}
