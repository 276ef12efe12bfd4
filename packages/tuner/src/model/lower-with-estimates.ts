import type { Graph } from '@grim/ir';
import type { CallEstimate, Program } from '@grim/kernels';

/** A lowered graph with what each of its calls does. */
export interface EstimatedProgram {
  readonly program: Program;
  /** In the order of the calls. */
  readonly estimates: readonly CallEstimate[];
}

/**
 * Lowers a graph and estimates its calls. The kernels are loaded on first use, for they are large.
 *
 * @param threads - How many threads large calls are split for.
 */
export async function lowerWithEstimates(graph: Graph, threads = 1): Promise<EstimatedProgram> {
  const { estimateProgram, lowerGraph } = await import('@grim/kernels');
  const program = lowerGraph(graph, { threads });
  return { program, estimates: estimateProgram(program) };
}

/**
 * The estimates of planned calls: those of the calls at the same place, where the kernels are the same. A file that another
 * version compiled may have other kernels.
 */
export function estimatesFor(
  calls: readonly { readonly kernel: string }[],
  { program, estimates }: EstimatedProgram,
): (CallEstimate | undefined)[] {
  const isSame = program.calls.length === calls.length;
  return calls.map(({ kernel }, index) =>
    isSame && program.calls[index]?.kernel.name === kernel ? estimates[index] : undefined,
  );
}
