import { elementCount } from '@grim/ir';
import {
  StructureKind,
  VariableDeclarationKind,
  type CodeBlockWriter,
  type PropertySignatureStructure,
  type StatementStructures,
} from 'ts-morph';
import type { BindingNames } from './binding-names.ts';
import { factLines } from './fact-lines.ts';
import { commentText, propertyOf, stringLiteral, valueKey } from './literals.ts';
import type { CLibrary, ModelDescription } from './model-description.ts';

/** What a module has for a model in C: its session, the model, and the function that binds it to a library. */
export function cStatements(
  model: ModelDescription,
  code: CLibrary,
  names: BindingNames,
): StatementStructures[] {
  return [
    {
      kind: StructureKind.VariableStatement,
      isExported: true,
      declarationKind: VariableDeclarationKind.Const,
      docs: ['Bytes of the memory of a context and of the weights.'],
      declarations: [
        {
          name: names.memory,
          initializer: `{ contextBytes: ${code.contextBytes}, weightBytes: ${code.weightBytes} } as const`,
        },
      ],
    },
    libraryInterface(code, names),
    {
      kind: StructureKind.Interface,
      isExported: true,
      name: names.session,
      docs: [
        model.states.length > 0
          ? 'One stream through the model, with states of its own. One thread at a time.'
          : 'Runs the model. One thread at a time.',
      ],
      properties: sessionMembers(model, names),
    },
    {
      kind: StructureKind.Interface,
      isExported: true,
      name: names.model,
      docs: ['The bound model.'],
      properties: [
        {
          name: 'createSession',
          isReadonly: true,
          type: `() => ${names.session}`,
          docs: [
            model.states.length > 0
              ? 'A new stream, with the states from before the first step.'
              : 'A new session.',
          ],
        },
      ],
    },
    {
      kind: StructureKind.Function,
      isExported: true,
      name: names.bind,
      docs: [bindText(model, code)],
      parameters: [
        { name: 'library', type: names.library },
        ...(code.weights === 'binary' ? [{ name: 'weights', type: 'Uint8Array' }] : []),
      ],
      returnType: names.model,
      statements: (writer) => {
        writeBind(writer, model, code, names);
      },
    },
    {
      kind: StructureKind.Function,
      name: 'requireValues',
      docs: ['C would read beyond an array that is too short, and take other numbers for floats.'],
      parameters: [
        { name: 'values', type: 'Float32Array' },
        { name: 'name', type: 'string' },
        { name: 'length', type: 'number' },
      ],
      returnType: 'Float32Array',
      statements: [
        "const isFloats = Object.prototype.toString.call(values) === '[object Float32Array]';",
        (writer) =>
          writer.write('if (!isFloats || values.length !== length) ').block(() => {
            writer.writeLine(
              'throw new RangeError(`input ${name} needs a Float32Array of ${length} values`);',
            );
          }),
        'return values;',
      ],
    },
  ];
}

function libraryInterface({ weights }: CLibrary, names: BindingNames): StatementStructures {
  const properties: Omit<PropertySignatureStructure, 'kind'>[] = [
    {
      name: 'func',
      isReadonly: true,
      type: '(prototype: string) => (...operands: unknown[]) => unknown',
      docs: ['The function of a prototype in C.'],
    },
  ];
  if (weights === 'c') {
    properties.push({
      name: 'symbol',
      isReadonly: true,
      type: '(name: string) => unknown',
      docs: ['The address of a variable.'],
    });
  }
  return {
    kind: StructureKind.Interface,
    isExported: true,
    name: names.library,
    docs: ['A shared library that is open: what `koffi.load(path)` gives.'],
    properties,
  };
}

function sessionMembers(
  { states }: ModelDescription,
  names: BindingNames,
): Omit<PropertySignatureStructure, 'kind'>[] {
  const isRecurrent = states.length > 0;
  const throwsText =
    '@throws RangeError when an array has not as many values as its shape, before anything is changed.';
  return [
    {
      name: isRecurrent ? 'step' : 'run',
      isReadonly: true,
      type: `(inputs: ${names.inputs}) => ${names.outputs}`,
      docs: [
        `${
          isRecurrent
            ? 'Runs the model once. States carry over from one step to the next.'
            : 'Runs the model once; nothing is left of it for the next run.'
        }\n\n${throwsText}`,
      ],
    },
    ...(isRecurrent
      ? [
          {
            name: 'reset',
            isReadonly: true,
            type: '() => void',
            docs: ['Puts the states back to what they are before the first step.'],
          },
        ]
      : []),
  ];
}

function bindText({ facts }: ModelDescription, { prefix, weights }: CLibrary): string {
  return [
    'Binds the model to the library that its C code was compiled to.',
    '',
    ...factLines(facts),
    '',
    '@param library - The library, open, for this processor.',
    ...(weights === 'binary'
      ? [
          `@param weights - The contents of \`${commentText(prefix)}_weights.bin\`, which are copied.`,
          '@throws RangeError when there are more or fewer weights.',
        ]
      : []),
  ].join('\n');
}

function writeBind(
  writer: CodeBlockWriter,
  { inputs, outputs, states }: ModelDescription,
  { prefix, weights }: CLibrary,
  names: BindingNames,
): void {
  const isRecurrent = states.length > 0;
  const act = isRecurrent ? 'step' : 'run';
  const parameters = ['void *context', ...inputs.map(() => 'const float *'), ...outputs.map(() => 'float *')];
  const bind = (name: string, prototype: string): void => {
    writer.writeLine(`const ${name} = library.func(${stringLiteral(prototype)});`);
  };
  bind('init', `void *${prefix}_init(void *memory, const void *weights)`);
  bind(act, `void ${prefix}_${act}(${parameters.join(', ')})`);
  if (isRecurrent) bind('reset', `void ${prefix}_reset(void *context)`);
  if (weights === 'c') {
    writer.writeLine(`const held = library.symbol(${stringLiteral(`${prefix}_weights`)});`);
  } else {
    writer
      .write(`if (weights.length !== ${names.memory}.weightBytes) `)
      .inlineBlock(() => {
        writer.writeLine(
          `throw new RangeError(\`weights need \${${names.memory}.weightBytes} bytes, got \${weights.length}\`);`,
        );
      })
      .newLine()
      .writeLine('// A copy, which begins at a multiple of 16 and stays where it is.')
      .writeLine(`const held = new Uint8Array(new ArrayBuffer(${names.memory}.weightBytes));`)
      .writeLine('held.set(weights);');
  }
  writer.write('return ').inlineBlock(() => {
    writer
      .write('createSession: () => ')
      .inlineBlock(() => {
        writer
          .writeLine(`const context = new Uint8Array(new ArrayBuffer(${names.memory}.contextBytes));`)
          .write('if (init(context, held) === null) ')
          .inlineBlock(() => {
            writer.writeLine("throw new RangeError('memory does not begin at a multiple of 16 bytes');");
          })
          .newLine()
          .write(`const outputs: ${names.outputs} = `)
          .inlineBlock(() => {
            for (const { name, shape } of outputs) {
              writer.writeLine(`${valueKey(name)}: new Float32Array(${elementCount(shape)}),`);
            }
          })
          .write(';')
          .newLine()
          .write('return ')
          .inlineBlock(() => {
            writer
              .write(`${act}: (inputs) => `)
              .inlineBlock(() => {
                const operands = [
                  'context',
                  ...inputs.map(
                    ({ name, shape }) =>
                      `requireValues(${propertyOf('inputs', name)}, ${stringLiteral(name)}, ${elementCount(shape)})`,
                  ),
                  ...outputs.map(({ name }) => propertyOf('outputs', name)),
                ];
                writer.writeLine(`${act}(${operands.join(', ')});`);
                writer.writeLine('return outputs;');
              })
              .write(',')
              .newLine();
            if (isRecurrent) writer.writeLine('reset: () => void reset(context),');
          })
          .write(';');
      })
      .write(',')
      .newLine();
  });
  writer.write(';');
}
