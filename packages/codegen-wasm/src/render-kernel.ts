import type { Kernel, Statement, ValueType } from '@grim/kernels';

import { strictSimd, type WasmCapabilities } from './capabilities.ts';
import { localType, storeInstruction } from './operators.ts';
import { renderAddress, renderExpression } from './render-expression.ts';

function collectLocals(statements: readonly Statement[], locals: Map<string, ValueType>): void {
  for (const statement of statements) {
    if (statement.kind === 'declare') locals.set(statement.name, statement.type);
    if (statement.kind === 'loop') {
      locals.set(statement.name, 'i32');
      collectLocals(statement.body, locals);
    }
    if (statement.kind === 'if') {
      collectLocals(statement.then, locals);
      collectLocals(statement.otherwise, locals);
    }
  }
}

function renderLoop(
  statement: Extract<Statement, { kind: 'loop' }>,
  indent: string,
  capabilities: WasmCapabilities,
): string[] {
  const { name } = statement;
  const next = `(i32.add (local.get $${name}) (i32.const ${String(statement.step)}))`;
  const repeat = `(br_if $${name}.loop (i32.lt_s (local.tee $${name} ${next}) ${renderExpression(statement.to, capabilities)}))`;
  const start = `${indent}(local.set $${name} ${renderExpression(statement.from, capabilities)})`;
  const loop = (depth: string): string[] => [
    `${depth}(loop $${name}.loop`,
    ...renderStatements(statement.body, `${depth}  `, capabilities),
    `${depth}  ${repeat})`,
  ];
  if (statement.nonEmpty) return [start, ...loop(indent)];
  const isEmpty = `(i32.ge_s (local.get $${name}) ${renderExpression(statement.to, capabilities)})`;
  return [
    start,
    `${indent}(block $${name}.end`,
    `${indent}  (br_if $${name}.end ${isEmpty})`,
    ...loop(`${indent}  `),
    `${indent})`,
  ];
}

function renderStatements(
  statements: readonly Statement[],
  indent: string,
  capabilities: WasmCapabilities,
): string[] {
  return statements.flatMap((statement) => {
    switch (statement.kind) {
      case 'comment':
        return [`${indent};; ${statement.text}`];
      case 'declare':
      case 'assign':
        return [`${indent}(local.set $${statement.name} ${renderExpression(statement.value, capabilities)})`];
      case 'store': {
        const address = renderAddress(statement.buffer, statement.address, statement.offset, capabilities);
        return [
          `${indent}(${storeInstruction(statement.value.type)} ${address} ${renderExpression(statement.value, capabilities)})`,
        ];
      }
      case 'loop':
        return renderLoop(statement, indent, capabilities);
      case 'if': {
        const otherwise =
          statement.otherwise.length === 0
            ? []
            : [
                `${indent}  (else`,
                ...renderStatements(statement.otherwise, `${indent}    `, capabilities),
                `${indent}  )`,
              ];
        return [
          `${indent}(if ${renderExpression(statement.condition, capabilities)}`,
          `${indent}  (then`,
          ...renderStatements(statement.then, `${indent}    `, capabilities),
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
 */
export function renderKernel(kernel: Kernel, capabilities: WasmCapabilities = strictSimd): string {
  const parameters = kernel.buffers.map(({ name }) => `(param $${name} i32)`).join(' ');
  const locals = new Map<string, ValueType>();
  collectLocals(kernel.body, locals);
  return [
    `  ;; ${kernel.summary}`,
    `  (func $${kernel.name} ${parameters}`,
    ...[...locals].map(([name, type]) => `    (local $${name} ${localType(type)})`),
    ...renderStatements(kernel.body, '    ', capabilities),
    '  )',
  ].join('\n');
}
