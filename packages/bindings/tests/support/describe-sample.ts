import { inferShapes } from '@grim/ir';
import type { CLibrary, ModelDescription } from '../../src/index.ts';
import { sampleModels, type SampleName } from './sample-models.ts';

/** The description of a sample, whose file is named after it. */
export function describeSample(name: SampleName): ModelDescription {
  return { ...describe(name), code: { kind: 'grim', file: `${name}.grim` } };
}

/** The description of a sample as C. */
export function describeSampleInC(
  name: SampleName,
  code: Omit<CLibrary, 'kind' | 'prefix'>,
): ModelDescription {
  return { ...describe(name), code: { kind: 'c', prefix: name, ...code } };
}

function describe(name: SampleName): Omit<ModelDescription, 'code'> {
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
  };
}
