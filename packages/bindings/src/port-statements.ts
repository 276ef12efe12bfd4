import { elementCount, type Shape } from '@grim/ir';
import {
  StructureKind,
  VariableDeclarationKind,
  Writers,
  type StatementStructures,
  type TypeAliasDeclarationStructure,
  type WriterFunction,
} from 'ts-morph';
import type { BindingNames } from './binding-names.ts';
import { commentText, typeKey, valueKey } from './literals.ts';
import type { ModelDescription, PortDescription } from './model-description.ts';

/** The constant with the shapes of all ports, and the types of what goes in and comes out. */
export function portStatements(
  { inputs, outputs, states, code }: ModelDescription,
  names: BindingNames,
): StatementStructures[] {
  const isRecurrent = states.length > 0;
  return [
    {
      kind: StructureKind.VariableStatement,
      isExported: true,
      declarationKind: VariableDeclarationKind.Const,
      docs: [
        'Shapes of the inputs, outputs and states, outermost extent first, and how many values each has.',
      ],
      declarations: [{ name: names.ports, initializer: portsLiteral({ inputs, outputs, states }) }],
    },
    arraysType(names.inputs, `What goes into one ${isRecurrent ? 'step' : 'run'}, row-major.`, inputs),
    arraysType(
      names.outputs,
      `What comes out, row-major. These are the same arrays every time: copy what must outlive the next ${isRecurrent ? 'step' : 'run'}.`,
      outputs,
    ),
    // The functions in C give no access to states.
    ...(isRecurrent && code.kind === 'grim'
      ? [arraysType(names.states, 'What one step leaves for the next, row-major.', states)]
      : []),
  ];
}

/** The type of an array of this shape. */
export function arrayType(shape: Shape): string {
  return `grim.ShapedArray<readonly [${shape.join(', ')}]>`;
}

/** An object type with an array for each port. It is no interface, for those have no index signature. */
function arraysType(
  name: string,
  description: string,
  ports: readonly PortDescription[],
): TypeAliasDeclarationStructure {
  return {
    kind: StructureKind.TypeAlias,
    isExported: true,
    name,
    docs: [description],
    type:
      ports.length === 0
        ? 'Readonly<Record<string, never>>'
        : Writers.objectType({
            properties: ports.map((port) => ({
              name: typeKey(port.name),
              isReadonly: true,
              type: arrayType(port.shape),
              docs: [portText(port)],
            })),
          }),
  };
}

function portText({ name, shape }: PortDescription): string {
  const count = elementCount(shape);
  const values = count === 1 ? 'one value' : `${String(count)} values`;
  const extents = shape.length > 1 ? `${shape.join(' × ')}: ${values}` : values;
  // The key says the name already, unless it is spelt otherwise there.
  return typeKey(name) === name ? `${extents}.` : `${commentText(name)}, ${extents}.`;
}

function portsLiteral(roles: Readonly<Record<string, readonly PortDescription[]>>): WriterFunction {
  return (writer) => {
    writer.inlineBlock(() => {
      for (const [role, ports] of Object.entries(roles)) {
        if (ports.length === 0) {
          writer.writeLine(`${role}: {},`);
          continue;
        }
        writer
          .write(`${role}: `)
          .inlineBlock(() => {
            for (const { name, shape } of ports) {
              writer.writeLine(
                `${valueKey(name)}: { shape: [${shape.join(', ')}], length: ${String(elementCount(shape))} },`,
              );
            }
          })
          .write(',')
          .newLine();
      }
    });
    writer.write(' as const');
  };
}
