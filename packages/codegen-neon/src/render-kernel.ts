import type { BufferParameter, Expression, Kernel, Statement } from '@grim/kernels';

import type { NeonCapabilities } from './capabilities.ts';
import { identifier } from './identifier.ts';
import { laneOperands } from './lane-operands.ts';
import { storeFunction, valueType } from './operators.ts';
import { renderAddress, renderExpression, type RenderContext } from './render-expression.ts';
import { withoutDeadValues } from './without-dead-values.ts';

function renderDeclaration(
  statement: Extract<Statement, { kind: 'declare' }>,
  indent: string,
  context: RenderContext,
): string[] {
  const { name, type, mutable, value } = statement;
  const { operands, vectors } = context.lanes;
  const operand = operands.get(name);
  if (operand?.kind === 'scalar' && value.op === 'loadSplat') {
    const address = renderAddress(value.buffer, value.address, value.offset, context);
    return [`${indent}const float ${identifier(name)} = grim_load_f32(${address});`];
  }
  if (operand?.kind === 'lane') {
    const vector = vectors.get(name);
    if (vector === undefined) return [];
    const { load, lanes } = vector;
    const shape = `32x${String(lanes)}`;
    const address = renderAddress(load.buffer, load.address, load.offset, context);
    return [`${indent}const float${shape}_t ${identifier(vector.name)} = grim_load_f${shape}(${address});`];
  }
  const qualifier = mutable ? '' : 'const ';
  return [
    `${indent}${qualifier}${valueType(type)} ${identifier(name)} = ${renderExpression(value, context)};`,
  ];
}

function renderLoop(
  statement: Extract<Statement, { kind: 'loop' }>,
  indent: string,
  context: RenderContext,
): string[] {
  const name = identifier(statement.name);
  const render = (bound: Expression): string => renderExpression(bound, context);
  const { from, to, step } = statement;
  const next = step === 1 ? `${name}++` : `${name} += ${String(step)}`;
  return [
    `${indent}for (int32_t ${name} = ${render(from)}; ${name} < ${render(to)}; ${next}) {`,
    ...renderStatements(statement.body, `${indent}  `, context),
    `${indent}}`,
  ];
}

function renderStatements(
  statements: readonly Statement[],
  indent: string,
  context: RenderContext,
): string[] {
  return statements.flatMap((statement) => {
    switch (statement.kind) {
      case 'comment':
        return [`${indent}// ${statement.text}`];
      case 'declare':
        return renderDeclaration(statement, indent, context);
      case 'assign':
        return [`${indent}${identifier(statement.name)} = ${renderExpression(statement.value, context)};`];
      case 'store': {
        const address = renderAddress(statement.buffer, statement.address, statement.offset, context);
        const value = renderExpression(statement.value, context);
        return [`${indent}${storeFunction(statement.value.type)}(${address}, ${value});`];
      }
      case 'loop':
        return renderLoop(statement, indent, context);
      case 'if': {
        const { condition, then, otherwise } = statement;
        return [
          `${indent}if (${renderExpression(condition, context)}) {`,
          ...renderStatements(then, `${indent}  `, context),
          ...(otherwise.length === 0
            ? []
            : [`${indent}} else {`, ...renderStatements(otherwise, `${indent}  `, context)]),
          `${indent}}`,
        ];
      }
    }
  });
}

/** How a kernel is called. */
export interface KernelUse {
  /**
   * Whether a buffer that is written may reach into another one, as when a state is replaced in place. Pointers are then not
   * `restrict`.
   */
  readonly inPlace: boolean;
}

/** A buffer as a parameter. */
function renderParameter({ name, access }: BufferParameter, { inPlace }: KernelUse): string {
  const qualifier = inPlace ? '' : 'restrict ';
  return `${access === 'read' ? 'const ' : ''}unsigned char *${qualifier}${identifier(name)}`;
}

/**
 * A kernel as a C11 function whose parameters are pointers to its buffers; addresses in it are bytes from them.
 *
 * The text uses `arm_neon.h`, `math.h`, `stdint.h` and functions that {@link renderSource} defines.
 *
 * @param capabilities - What the text may use, and how multiply-adds are rounded.
 * @param use - How the kernel is called; with buffers that share nothing unless told otherwise.
 */
export function renderKernel(
  kernel: Kernel,
  capabilities: NeonCapabilities,
  use: KernelUse = { inPlace: false },
): string {
  const live = withoutDeadValues(kernel);
  const body = renderStatements(live.body, '  ', { capabilities, lanes: laneOperands(live) });
  const used = new Set(body.flatMap((line) => line.match(/\w+/g) ?? []));
  const parameters = kernel.buffers.map((buffer) => renderParameter(buffer, use));
  return [
    `// ${kernel.summary}`,
    `static void ${identifier(kernel.name)}(${parameters.join(', ')}) {`,
    ...kernel.buffers.flatMap(({ name }) =>
      used.has(identifier(name)) ? [] : [`  (void)${identifier(name)};`],
    ),
    ...body,
    '}',
  ].join('\n');
}
