import type { Graph } from '../graph.ts';

/** A rewriting of a graph that keeps what it computes; it never changes its argument. */
export type Pass = (graph: Graph) => Graph;
