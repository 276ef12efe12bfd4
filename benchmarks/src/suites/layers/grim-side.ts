import { compileGraph } from '@grim/codegen-wasm';
import { elementCount, type CompiledProgram, type Graph, type ScheduleRecord } from '@grim/ir';
import { memoryPages } from '../../measuring/instantiate-text.ts';
import { usefulMacs, type Layer, type LayerWeight } from './layer.ts';
import { layerGraph } from './layer-graph.ts';
import type { PreparedSide } from './prepared-side.ts';

/** How a layer is compiled where that is not left to the compiler. */
export interface GrimOptions {
  /** Parts of the schedule that the default rule is not to choose. */
  readonly schedule?: ScheduleRecord;
  /** `compileGraph` with other options; its `code` is what is timed. */
  readonly compile?: (graph: Graph) => Promise<CompiledProgram>;
}

/**
 * A layer compiled by GRIM, timed without the copy of its input into a place with zeros around it: in a network the layer
 * before writes there.
 */
export async function grimSide(
  layer: Layer,
  weights: readonly LayerWeight[] = layer.weights,
  { schedule, compile = compileGraph }: GrimOptions = {},
): Promise<PreparedSide> {
  const { plan, code, image } = await compile(layerGraph(layer, weights, schedule));
  const pages = memoryPages(plan.memoryBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const module = new WebAssembly.Module(code as Uint8Array<ArrayBuffer>);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  new Uint8Array(memory.buffer).set(image, plan.imageOffset);
  for (const { name, offset } of plan.inputs) {
    const values = layer.inputs.find((input) => input.name === name)?.values ?? [];
    new Float32Array(memory.buffer, offset, values.length).set(values);
  }
  const entry = (name: string): (() => void) => exports[name] as () => void;
  entry('run')();

  const calls = plan.calls.filter(({ path }) => path !== 'copy');
  const entries = calls.map((call) => entry(call.entry));
  const [first = entry('run')] = entries;
  const [output] = plan.outputs;
  const macs = usefulMacs(weights);
  const paths = new Set(calls.filter((call) => call.macs > 0).map(({ path }) => path));
  return {
    run:
      entries.length === 1
        ? first
        : entries.length === plan.calls.length
          ? entry('run')
          : () => {
              for (const call of entries) call();
            },
    macs,
    padding: calls.reduce((sum, call) => sum + call.macs, 0) / macs,
    weightBytes: calls.reduce((sum, call) => sum + call.weightBytes, 0),
    path: [...paths].join(' · '),
    output: new Float32Array(memory.buffer, output?.offset, elementCount(output?.shape ?? [])).slice(),
  };
}
