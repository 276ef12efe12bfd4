import { inferShapes } from '@grim/ir';
import type { ModelDescription } from '../../src/index.ts';
import { sampleModels, type SampleName } from './sample-models.ts';

/** The description of a sample, whose file is named after it. */
export function describeSample(
  name: SampleName,
): ModelDescription & { readonly code: { readonly kind: 'grim' } } {
  const graph = sampleModels[name];
  const shapes = inferShapes(graph);
  return {
    name,
    inputs: graph.inputs,
    outputs: graph.outputs.map(({ name: output, value }) => ({
      name: output,
      shape: shapes.get(value) ?? [],
    })),
    states: graph.states,
    facts: [
      { label: 'Model', text: graph.name },
      { label: 'Source', text: `${name}.onnx` },
    ],
    code: { kind: 'grim', file: `${name}.grim` },
  };
}
