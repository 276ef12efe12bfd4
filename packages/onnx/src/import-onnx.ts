import { applyPasses, GrimError, validateGraph, type Graph } from '@grim/ir';
import { evaluateModel } from './evaluation/evaluate-model.ts';
import { GraphBuilder } from './evaluation/graph-builder.ts';
import { FoldingBudget } from './folding/folding-budget.ts';
import { defaultImportLimits } from './import-limits.ts';
import type { ImportOptions } from './import-options.ts';
import { externalSource } from './model/external-data.ts';
import { readModel } from './model/read-model.ts';
import { foldScaleAndShift } from './passes/fold-scale-and-shift.ts';
import { findStates } from './states/find-states.ts';

/**
 * Reads an ONNX model into the graph IR.
 *
 * Everything that is constant for the given input shapes is computed: shapes, indices, conditions (of an `If` only the
 * branch that is taken remains), rearranged weights. What is left is a graph of real-valued operators with static
 * shapes. Weights of half precision become 32-bit floats; so does everything the model computes in `double`.
 *
 * Supported are IR versions 3 to 14 and opsets 7 to 22 of the default domain.
 *
 * @param bytes - the `.onnx` file
 * @param options - what the file leaves open; see {@link ImportOptions}
 * @returns a valid graph after the standard passes, with recurrent state taken out of inputs and outputs
 * @throws GrimError when the bytes are no ONNX model, an operator or attribute is not supported (all unsupported
 * operators are named in one error), an input's shape or value is missing, shapes do not fit, or a limit is reached.
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions = {}): Graph {
  return withReadableErrors(options.file, () => {
    const limits = { ...defaultImportLimits, ...options.limits };
    const budget = new FoldingBudget(limits, bytes.length);
    const model = readModel(bytes, limits);
    const builder = new GraphBuilder(budget);
    const source = { budget, external: externalSource(options.readExternal, budget) };
    const { inputs, outputs } = evaluateModel(model, builder, source, options, limits);
    const { nodes, constants } = builder;
    const graph: Graph = { name: model.graph.name, inputs, outputs, states: [], constants, nodes };
    const result = applyPasses(foldScaleAndShift(findStates(graph, options.states), budget));
    validateGraph(result);
    return result;
  });
}

/** Longest part of a message: names in a file may be of any length. */
const maximumMessage = 1000;

function shorten(text: string): string {
  return text.length > maximumMessage ? `${text.slice(0, maximumMessage)}…` : text;
}

/** Runs `action`; whatever names a file brings into an error, its message stays of bounded length. */
function withReadableErrors<T>(file: string | undefined, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof GrimError)) throw error;
    const { layer } = error.context;
    throw new GrimError(shorten(error.problem), {
      ...(file !== undefined && { file }),
      ...(layer !== undefined && { layer: shorten(layer) }),
    });
  }
}
