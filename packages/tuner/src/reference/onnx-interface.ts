import { inferShapes, sameShape, withContext, type Graph } from '@grim/ir';
import type { StatePair } from '@grim/onnx';
import type { ImportSettings } from '../model/import-settings.ts';
import { importModel } from '../model/import-model.ts';
import type { PortReport } from '../reports/port-report.ts';

/** An ONNX model as its own file has it: state goes in and comes out by name. */
export interface OnnxInterface {
  /** Inputs that are neither fixed nor state. */
  readonly inputs: readonly PortReport[];
  /** Outputs that are no state. */
  readonly outputs: readonly PortReport[];
  /** Inputs that carry state, each with the output that replaces it. */
  readonly states: readonly (PortReport & { readonly output: string })[];
}

/**
 * Finds inputs, outputs and state under the names that the ONNX file gives them. Importing takes state out of inputs and
 * outputs (and may split it), so the model is imported once more without that, and the two are compared.
 *
 * @param graph - The model imported with `settings`.
 */
export async function onnxInterface(
  file: string,
  bytes: Uint8Array,
  settings: ImportSettings,
  graph: Graph,
): Promise<OnnxInterface> {
  const plain = await importModel(file, bytes, { ...settings, states: [] });
  const shapes = withContext({ file }, () => inferShapes(plain));
  const outputs = plain.outputs.map(({ name, value }) => ({ name, shape: shapes.get(value) ?? [] }));
  const isIn = (ports: readonly { readonly name: string }[]) => (port: PortReport) =>
    ports.some(({ name }) => name === port.name);
  const stateInputs = plain.inputs.filter((port) => !isIn(graph.inputs)(port));
  const stateOutputs = outputs.filter((port) => !isIn(graph.outputs)(port));
  return {
    inputs: plain.inputs.filter(isIn(graph.inputs)),
    outputs: outputs.filter(isIn(graph.outputs)),
    states: pairStates(stateInputs, stateOutputs.length > 0 ? stateOutputs : outputs, settings.states ?? []),
  };
}

/** The pairs that were given; else, as the importer does, the output named after the input, or the first that fits. */
function pairStates(
  inputs: readonly PortReport[],
  outputs: readonly PortReport[],
  given: readonly StatePair[],
): OnnxInterface['states'] {
  const free = new Set(outputs);
  return inputs.flatMap((input) => {
    const pair = given.find((candidate) => candidate.input === input.name);
    if (pair) return [{ ...input, output: pair.output }];
    const fitting = [...free].filter(({ shape }) => sameShape(shape, input.shape));
    const match = fitting.find(({ name }) => name.startsWith(input.name)) ?? fitting[0];
    if (!match) return [];
    free.delete(match);
    return [{ ...input, output: match.name }];
  });
}
