import { GrimError } from '@grim/ir';
import {
  halfUse,
  pointerVariables,
  type Expression,
  type Kernel,
  type PointerVariables,
  type Statement,
  type ValueType,
} from '@grim/kernels';

import { strictSimd, type WasmCapabilities } from './capabilities.ts';
import { operatorFunction } from './operator-function.ts';
import { localType, storeInstruction } from './operators.ts';
import { renderAddress, renderExpression, renderPointer, type RenderContext } from './render-expression.ts';

/** The local that holds where the loop of a pointer ends. */
const endOf = (loop: string): string => `${loop}.end`;

function collectLocals(
  statements: readonly Statement[],
  pointers: PointerVariables,
  locals: Map<string, ValueType>,
): void {
  for (const statement of statements) {
    if (statement.kind === 'declare') locals.set(statement.name, statement.type);
    if (statement.kind === 'loop') {
      locals.set(statement.name, 'i32');
      if (pointers.has(statement.name) && statement.to.op !== 'read')
        locals.set(endOf(statement.name), 'i32');
      collectLocals(statement.body, pointers, locals);
    }
    if (statement.kind === 'if') {
      collectLocals(statement.then, pointers, locals);
      collectLocals(statement.otherwise, pointers, locals);
    }
  }
}

/** The value of a variable: an address where the variable is a pointer. */
function renderValue(name: string, value: Expression, context: RenderContext): string {
  const buffer = context.pointers.get(name);
  return buffer === undefined ? renderExpression(value, context) : renderPointer(buffer, value, context);
}

function renderLoop(
  statement: Extract<Statement, { kind: 'loop' }>,
  indent: string,
  context: RenderContext,
): string[] {
  const { name } = statement;
  const from = renderValue(name, statement.from, context);
  const to = renderValue(name, statement.to, context);
  // The end of a pointer's loop has a name, so that the base of the buffer is not added in every turn.
  const isNamed = context.pointers.has(name) && statement.to.op !== 'read';
  const limit = isNamed ? `(local.get $${endOf(name)})` : to;
  const type = context.pointers.has(name) ? 'u' : 's';
  const next = `(i32.add (local.get $${name}) (i32.const ${String(statement.step)}))`;
  const repeat = `(br_if $${name}.loop (i32.lt_${type} (local.tee $${name} ${next}) ${limit}))`;
  const start = [
    ...(isNamed ? [`${indent}(local.set $${endOf(name)} ${to})`] : []),
    `${indent}(local.set $${name} ${from})`,
  ];
  const loop = (depth: string): string[] => [
    `${depth}(loop $${name}.loop`,
    ...renderStatements(statement.body, `${depth}  `, context),
    `${depth}  ${repeat})`,
  ];
  if (statement.nonEmpty) return [...start, ...loop(indent)];
  return [
    ...start,
    `${indent}(block $${name}.end`,
    `${indent}  (br_if $${name}.end (i32.ge_${type} (local.get $${name}) ${limit}))`,
    ...loop(`${indent}  `),
    `${indent})`,
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
        return [`${indent};; ${statement.text}`];
      case 'declare':
      case 'assign':
        return [
          `${indent}(local.set $${statement.name} ${renderValue(statement.name, statement.value, context)})`,
        ];
      case 'store': {
        const address = renderAddress(statement.buffer, statement.address, statement.offset, context);
        return [
          `${indent}(${storeInstruction(statement.value.type)} ${address} ${renderExpression(statement.value, context)})`,
        ];
      }
      case 'loop':
        return renderLoop(statement, indent, context);
      case 'external': {
        const operands = statement.operands.map(({ buffer }) =>
          buffer === null ? '(i32.const 0)' : `(local.get $${buffer})`,
        );
        return [`${indent}(call $${operatorFunction(statement.function)} ${operands.join(' ')})`];
      }
      case 'if': {
        const otherwise =
          statement.otherwise.length === 0
            ? []
            : [
                `${indent}  (else`,
                ...renderStatements(statement.otherwise, `${indent}    `, context),
                `${indent}  )`,
              ];
        return [
          `${indent}(if ${renderExpression(statement.condition, context)}`,
          `${indent}  (then`,
          ...renderStatements(statement.then, `${indent}    `, context),
          `${indent}  )`,
          ...otherwise,
          `${indent})`,
        ];
      }
    }
  });
}

/**
 * A kernel as a WebAssembly function whose parameters are the addresses of its buffers.
 *
 * @param capabilities - What the text may use; strict 128-bit SIMD unless told otherwise.
 * @throws GrimError naming the kernel when it has 16-bit floats.
 */
export function renderKernel(kernel: Kernel, capabilities: WasmCapabilities = strictSimd): string {
  const { memory, arithmetic } = halfUse(kernel);
  if (!capabilities.halfPrecision && (memory || arithmetic)) {
    throw new GrimError(`kernel ${kernel.name} has 16-bit floats, which WebAssembly has not`);
  }
  const parameters = kernel.buffers.map(({ name }) => `(param $${name} i32)`).join(' ');
  const pointers = pointerVariables(kernel);
  const locals = new Map<string, ValueType>();
  collectLocals(kernel.body, pointers, locals);
  return [
    `  ;; ${kernel.summary}`,
    `  (func $${kernel.name} ${parameters}`,
    ...[...locals].map(([name, type]) => `    (local $${name} ${localType(type)})`),
    ...renderStatements(kernel.body, '    ', { capabilities, pointers }),
    '  )',
  ].join('\n');
}
