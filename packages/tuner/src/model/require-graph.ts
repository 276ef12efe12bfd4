import { GrimError, type Graph } from '@grim/ir';
import type { ModelFile } from './model-file.ts';

/** The graph of a model; throws a {@link GrimError} for one that is only compiled. */
export function requireGraph({ file, graph }: ModelFile): Graph {
  if (graph) return graph;
  throw new GrimError(
    'is compiled and holds no graph; give the model it was compiled from, or compile with --with-graph',
    { file },
  );
}
