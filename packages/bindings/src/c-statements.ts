import {
  StructureKind,
  VariableDeclarationKind,
  type PropertySignatureStructure,
  type StatementStructures,
} from 'ts-morph';
import type { BindingNames } from './binding-names.ts';
import { factLines } from './fact-lines.ts';
import { commentText } from './literals.ts';
import type { CLibrary, ModelDescription } from './model-description.ts';
import { writeBindFunction } from './write-bind-function.ts';

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
      properties: sessionMembers(model, code, names),
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
              ? `A new stream, with the states from before the first step.${creationFails(code)}`
              : `A new session.${creationFails(code)}`,
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
        ...(code.onDevice ? [{ name: 'device', type: 'string', hasQuestionToken: true }] : []),
      ],
      returnType: names.model,
      statements: (writer) => {
        writeBindFunction(writer, model, code, names);
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

/** What the docstring of the function that makes a session says about failure. */
const creationFails = ({ onDevice }: CLibrary): string =>
  onDevice ? '\n\n@throws Error when there is no such device, or its driver refuses the model.' : '';

function sessionMembers(
  { states }: ModelDescription,
  { onDevice }: CLibrary,
  names: BindingNames,
): Omit<PropertySignatureStructure, 'kind'>[] {
  const isRecurrent = states.length > 0;
  const driverFails = onDevice ? '@throws Error when the driver fails, or the session is closed.' : undefined;
  const throwsText = [
    '@throws RangeError when an array has not as many values as its shape, before anything is changed.',
    ...(driverFails === undefined ? [] : [driverFails]),
  ].join('\n');
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
            docs: [
              ['Puts the states back to what they are before the first step.', driverFails]
                .filter((text) => text !== undefined)
                .join('\n\n'),
            ],
          },
        ]
      : []),
    ...(onDevice
      ? [
          {
            name: 'close',
            isReadonly: true,
            type: '() => void',
            docs: ['Gives back what the session has on the device; it cannot be used afterwards.'],
          },
        ]
      : []),
  ];
}

function bindText({ facts }: ModelDescription, { prefix, weights, onDevice }: CLibrary): string {
  return [
    'Binds the model to the library that its C code was compiled to.',
    '',
    ...factLines(facts),
    '',
    '@param library - The library, open, for this processor.',
    ...(weights === 'binary'
      ? [`@param weights - The contents of \`${commentText(prefix)}_weights.bin\`, which are copied.`]
      : []),
    ...(onDevice
      ? [
          '@param device - A part of the name of the device; the first GPU, or else the first device, without one.',
        ]
      : []),
    ...(weights === 'binary' ? ['@throws RangeError when there are more or fewer weights.'] : []),
  ].join('\n');
}
