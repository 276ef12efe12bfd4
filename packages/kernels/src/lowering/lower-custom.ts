import { GrimError, maximumCustomRank, type Graph, type Shape } from '@grim/ir';

import { KernelBuilder } from '../kernel-ir/kernel-builder.ts';
import type { ExternalOperand, Kernel } from '../kernel-ir/types.ts';
import type { LoweringContext, NodeOf } from './lowering-context.ts';

/** Shapes as functions outside the kernel IR read them: rank, then extents, 1 from the rank on. 32-bit integers. */
function shapeTable(shapes: readonly (Shape | null)[]): Int32Array {
  const entry = 1 + maximumCustomRank;
  const table = new Int32Array(entry * shapes.length).fill(1);
  shapes.forEach((shape, index) => {
    table.set([shape?.length ?? 0, ...(shape ?? [])], index * entry);
  });
  return table;
}

/** A kernel that does nothing but call a function: which operands are there is all that it depends on. */
function callOf(
  name: string,
  isPresent: readonly boolean[],
  results: number,
  hasAttributes: boolean,
): Kernel {
  const builder = new KernelBuilder();
  const operands: ExternalOperand[] = [
    ...isPresent.map((present, index) => ({
      role: 'input' as const,
      buffer: present ? builder.buffer(`input${String(index)}`, 'read') : null,
    })),
    ...Array.from({ length: results }, (_, index) => ({
      role: 'output' as const,
      buffer: builder.buffer(`output${String(index)}`, 'write'),
    })),
    { role: 'shapes', buffer: builder.buffer('shapes', 'read') },
    { role: 'attributes', buffer: hasAttributes ? builder.buffer('attributes', 'read') : null },
  ];
  builder.external(name, operands);
  const inputs = isPresent.map((present) => (present ? 'x' : 'n')).join('');
  const kernelName = `custom_${name}_in${inputs}_out${String(results)}${hasAttributes ? '_attributes' : ''}`;
  return builder.build(kernelName, `${name}, an operator outside GRIM`);
}

/** An operator of a user's own: its operands are made dense, aligned and 32 bits wide, shapes and attributes become constants. */
export function lowerCustom(context: LoweringContext, node: NodeOf<'custom'>): void {
  const { op, inputs, outputs } = node;
  const sources = inputs.map((value) => (value === null ? null : context.aligned(context.view(value))));
  const targets = op.outputShapes.map((shape) => context.allocate(shape, 'f32'));
  const shapes = context.denseView(
    context.image(shapeTable([...sources.map((source) => source?.shape ?? null), ...op.outputShapes])),
    [],
  );
  const numbers = Float64Array.from(op.attributes.flatMap(({ values }) => [...values]));
  const attributes = numbers.length === 0 ? [] : [context.image(new Int32Array(numbers.buffer))];
  const kernel = callOf(
    op.function,
    sources.map((source) => source !== null),
    targets.length,
    attributes.length > 0,
  );
  const present = sources.filter((source) => source !== null);
  const constants = [shapes.storage, ...attributes].map((storage) => ({ storage, offset: 0 }));
  context.callKernel(kernel, 'custom', [...present, ...targets, ...constants], {
    path: `calls ${op.function}`,
  });
  outputs.forEach((value, index) => {
    const target = targets[index];
    if (target) context.bind(value, context.converted(value, target));
  });
}

/**
 * Refuses a graph that calls one function with different numbers of operands or results: a function of C has one signature.
 *
 * @throws GrimError naming the second node.
 */
export function checkCustomCalls(graph: Graph): void {
  const known = new Map<string, { readonly node: string; readonly signature: string }>();
  for (const { name: node, op, inputs } of graph.nodes) {
    if (op.kind !== 'custom') continue;
    const signature = `${inputs.length} operand(s) and ${op.outputShapes.length} result(s)`;
    const first = known.get(op.function);
    if (first === undefined) known.set(op.function, { node, signature });
    else if (first.signature !== signature) {
      throw new GrimError(
        `calls ${op.function} with ${signature}, but ${first.node} with ${first.signature}`,
        { layer: node },
      );
    }
  }
}
