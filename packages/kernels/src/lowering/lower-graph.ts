import {
  elementCount,
  GrimError,
  inferShapes,
  maximumThreads,
  validateGraph,
  withContext,
  type Graph,
  type Node,
  type Port,
  type StatePort,
} from '@grim/ir';

import type { ElementType } from '../kernel-ir/types.ts';
import { ALIGNMENT, assignAddresses, type PlacementOptions } from './assign-addresses.ts';
import { inlinedElementwise } from './elementwise-fusion.ts';
import { layerPadding } from './layer-padding.ts';
import { LoweringContext } from './lowering-context.ts';
import { lowerConv } from './lower-conv.ts';
import { checkCustomCalls, lowerCustom } from './lower-custom.ts';
import { lowerElementwise } from './lower-elementwise.ts';
import { lowerFoldWindows } from './lower-fold-windows.ts';
import { lowerGru } from './lower-gru.ts';
import { lowerLayerNorm } from './lower-layer-norm.ts';
import { lowerLinear } from './lower-linear.ts';
import { lowerLstm } from './lower-lstm.ts';
import { lowerConcat, lowerPad, lowerReshape, lowerSlice, lowerTranspose } from './lower-movement.ts';
import { lowerPool } from './lower-pool.ts';
import { lowerReduce } from './lower-reduce.ts';
import { lowerResize } from './lower-resize.ts';
import { lowerSoftmax } from './lower-softmax.ts';
import type { GridTarget } from '../grid/grid-choice.ts';
import { leastTarget, workItemTarget, type KernelTarget } from '../target.ts';
import type { Program } from './program.ts';
import { isDense, type Storage, type View } from './view.ts';

function lowerNode(context: LoweringContext, node: Node, inlined: ReadonlyMap<string, Node>): void {
  const { op } = node;
  switch (op.kind) {
    case 'binary':
    case 'unary':
      if (!inlined.has(node.outputs[0] ?? '')) lowerElementwise(context, node, inlined);
      return;
    case 'concat':
      lowerConcat(context, { ...node, op });
      return;
    case 'conv':
      lowerConv(context, { ...node, op });
      return;
    case 'custom':
      lowerCustom(context, { ...node, op });
      return;
    case 'foldWindows':
      lowerFoldWindows(context, { ...node, op });
      return;
    case 'gru':
      lowerGru(context, { ...node, op });
      return;
    case 'layerNorm':
      lowerLayerNorm(context, { ...node, op });
      return;
    case 'linear':
      lowerLinear(context, { ...node, op });
      return;
    case 'lstm':
      lowerLstm(context, { ...node, op });
      return;
    case 'pad':
      lowerPad(context, { ...node, op });
      return;
    case 'pool':
      lowerPool(context, { ...node, op });
      return;
    case 'reduce':
      lowerReduce(context, { ...node, op });
      return;
    case 'reshape':
      lowerReshape(context, { ...node, op });
      return;
    case 'resize':
      lowerResize(context, { ...node, op });
      return;
    case 'slice':
      lowerSlice(context, { ...node, op });
      return;
    case 'softmax':
      lowerSoftmax(context, { ...node, op });
      return;
    case 'transpose':
      lowerTranspose(context, { ...node, op });
      return;
  }
}

/** What {@link lowerGraph} lowers for. */
export interface LoweringOptions extends PlacementOptions {
  /** What schedules may count on; their defaults depend on it. The least that targets offer unless told. */
  readonly target?: KernelTarget;
  /**
   * Work-items that share every call: kernels then have a grid, and programs run on a GPU. Not together with threads. The target is
   * {@link workItemTarget} unless told.
   */
  readonly grid?: GridTarget;
  /**
   * How many threads large calls are split for (default 1). What is computed does not depend on it, bit for bit; see
   * {@link ProgramCall.stage}.
   */
  readonly threads?: number;
  /**
   * Floats of weights and of everything between inputs and outputs (default `f32`). With `f16` they are halves: sums of products are
   * added up as halves, all else is computed in 32 bits and rounded when it is stored. Inputs, outputs and states are 32 bits wide
   * in any case and converted by kernels. Not every target can compute with halves; renderers refuse by name.
   */
  readonly element?: ElementType;
  /**
   * Fewest operations (instructions on scalars or vectors) of a part of a call, for tests and tuning. By default as many as
   * make up for waking a thread, and fewer where the threads have just shared another call.
   */
  readonly leastPart?: number;
}

/**
 * Lowers a graph to kernel calls over one static memory.
 *
 * Every layer becomes calls of kernel families with their default schedules, or the schedule its layerwise
 * representation asks for; views and copies move data between layouts; storages that are never alive together share
 * bytes. Recurrent states have places of their own, replaced at the end of a run.
 *
 * @throws GrimError naming the node, for operators that no kernel family covers and constants that are no elements.
 */
export function lowerGraph(graph: Graph, options: LoweringOptions = {}): Program {
  validateGraph(graph);
  checkCustomCalls(graph);
  const { grid, threads = 1, element = 'f32', leastPart } = options;
  const { target = grid ? workItemTarget : leastTarget } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > maximumThreads) {
    throw new GrimError(`${threads} threads: not an integer from 1 to ${maximumThreads}`);
  }
  if (grid && threads > 1) throw new GrimError(`${threads} threads cannot share what work-items share`);
  const context = new LoweringContext(graph, inferShapes(graph), {
    target,
    threads,
    element,
    leastPart,
    grid,
  });
  const inputs = graph.inputs.map(({ name, shape }) => ({ name, view: context.port(shape) }));
  const states = graph.states.map((state) => ({ state, view: context.port(state.shape) }));
  context.enter('inputs');
  for (const { name, view } of inputs) context.bind(name, context.converted(name, view));
  context.enter('states');
  for (const { state, view } of states) context.bind(state.input, context.converted(state.input, view));

  const inlined = inlinedElementwise(graph, context.shapes);
  for (const node of graph.nodes) {
    context.enter(node.name);
    withContext({ layer: node.name }, () => {
      lowerNode(context, node, inlined);
    });
  }

  // Outputs are read by the caller where they are computed, if they are dense, start at a vector and nothing below replaces
  // them.
  context.enter('outputs');
  const outputs = graph.outputs.map(({ name, value }) => {
    const view = context.view(value);
    const isAligned = view.offset % ALIGNMENT === 0;
    const isPort = view.element === 'f32' && isDense(view) && isAligned;
    if (isPort && view.storage.kind === 'arena') return { name, view };
    const copy = context.port(view.shape);
    context.copy(view, copy);
    return { name, view: copy };
  });

  context.enter('states');
  const stateStorages = new Set<Storage>(states.map(({ view }) => view.storage));
  const updates = states.flatMap(({ state, view: target }): { source: View; target: View }[] => {
    const source = context.view(state.output);
    if (source.storage === target.storage && source.offset === target.offset && isDense(source)) return [];
    if (!stateStorages.has(source.storage)) return [{ source, target }];
    // The new value is (part of) a state that may itself be replaced below: set it aside first.
    const aside = context.allocate(source.shape);
    context.copy(source, aside);
    return [{ source: aside, target }];
  });
  for (const { source, target } of updates) context.copy(source, target);

  const ports = [...inputs.map(({ view }) => view), ...states.map(({ view }) => view)];
  const kept = outputs.map(({ view }) => view);
  const map = assignAddresses(
    context.calls,
    new Set(kept.map(({ storage }) => storage)),
    [...ports, ...kept].map(({ storage }) => storage),
    options,
  );
  const addressOf = ({ storage, offset }: { storage: Storage; offset: number }): number => {
    const address = map.addresses.get(storage);
    if (address === undefined) throw new TypeError('a storage has no address');
    return address + offset;
  };
  const port = ({ name, view }: { name: string; view: View }): Port => ({
    name,
    shape: view.shape,
    offset: addressOf(view),
  });

  const padding = layerPadding(graph, context.calls);
  const paddingOf = (node: string): { padding?: number } => {
    const value = padding.get(node);
    return value === undefined ? {} : { padding: value };
  };
  const image = new Uint8Array(map.imageBytes);
  for (const [storage, address] of map.addresses) {
    if (storage.data) image.set(storage.data, address - map.imageOffset);
  }
  return {
    model: graph.name,
    element,
    memoryBytes: map.memoryBytes,
    buffers: [...map.addresses].map(([{ bytes }, offset]) => ({ offset, bytes })),
    imageOffset: map.imageOffset,
    image,
    inputs: inputs.map(port),
    outputs: outputs.map(port),
    states: states.map(({ state, view }): StatePort => ({
      ...port({ name: state.name, view }),
      ...(state.initial ? { initial: state.initial } : {}),
    })),
    calls: context.calls.map((call) => ({
      node: call.node,
      stage: call.stage,
      kernel: call.kernel,
      family: call.family,
      addresses: call.arguments.map(addressOf),
      path: call.path,
      macs: call.macs,
      weightBytes: call.weightBytes,
      ...paddingOf(call.node),
      ...(call.result && call.result.view.element === 'f32' && elementCount(call.result.view.shape) > 0
        ? {
            result: {
              value: call.result.value,
              shape: call.result.view.shape,
              offset: addressOf(call.result.view),
              strides: call.result.view.strides,
            },
          }
        : {}),
    })),
  };
}
