import { StructureKind, type PropertySignatureStructure, type StatementStructures } from 'ts-morph';
import type { BindingNames } from './binding-names.ts';
import { factLines } from './fact-lines.ts';
import { stringLiteral } from './literals.ts';
import type { GrimFile, ModelDescription } from './model-description.ts';

type Member = Omit<PropertySignatureStructure, 'kind'>;

/** What a module has for a model that `@grim/runtime` runs: its session, the model, and the function that loads it. */
export function grimStatements(
  model: ModelDescription,
  { file }: GrimFile,
  names: BindingNames,
): StatementStructures[] {
  const members = sessionMembers(model, names);
  return [
    {
      kind: StructureKind.Interface,
      isExported: true,
      name: names.session,
      docs: [
        model.states.length > 0
          ? 'One stream through the model, with states of its own. A step allocates nothing.'
          : 'Runs the model. A run allocates nothing.',
      ],
      properties: members.map(({ value: _, ...member }) => ({ isReadonly: true, ...member })),
    },
    {
      kind: StructureKind.Interface,
      isExported: true,
      name: names.model,
      docs: ['The loaded model.'],
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
        {
          name: 'runtime',
          isReadonly: true,
          type: 'grim.Model',
          docs: [
            'The model as the runtime has it: which code runs on how many threads, and every kernel call.',
          ],
        },
        {
          name: 'close',
          isReadonly: true,
          type: '() => Promise<void>',
          docs: ['Ends the threads of the model, if it has any; its sessions cannot run after that.'],
        },
      ],
    },
    {
      kind: StructureKind.Function,
      isExported: true,
      isAsync: true,
      name: names.load,
      docs: [
        [
          `Loads the model, in Node, pages and workers.`,
          '',
          ...factLines(model.facts),
          '',
          '@param source - Its bytes, or the URL of its file (default: the file beside this module).',
          '@throws GrimError when the file cannot be had, is damaged, or holds a model with other inputs, outputs or states.',
        ].join('\n'),
      ],
      parameters: [
        {
          name: 'source',
          type: 'grim.ModelSource',
          // Bundlers know this expression, and carry the file along.
          initializer: `new URL(${stringLiteral(`./${inUrl(file)}`)}, import.meta.url)`,
        },
        { name: 'options', type: 'grim.LoadOptions', initializer: '{}' },
      ],
      returnType: `Promise<${names.model}>`,
      statements: (writer) => {
        writer
          .writeLine('const runtime = await grim.loadModel(source, options);')
          .writeLine(`grim.requirePorts(runtime, ${names.ports});`)
          .write('return ')
          .inlineBlock(() => {
            writer
              .write('createSession: () => ')
              .inlineBlock(() => {
                writer.writeLine('const session = runtime.createSession();');
                writer.write('return ').inlineBlock(() => {
                  for (const { name, value } of members) writer.writeLine(`${name}: ${value},`);
                });
                writer.write(';');
              })
              .write(',')
              .newLine()
              .writeLine('runtime,')
              .writeLine('close: runtime.close,');
          })
          .write(';');
      },
    },
  ];
}

/** A name as the last part of a URL. Halves of surrogate pairs have no form there, nor in a file system. */
function inUrl(name: string): string {
  return encodeURIComponent(name.replaceAll(/\p{Cs}/gu, '\ufffd'));
}

/** What a session can do, and the expression that does it. */
function sessionMembers(
  { inputs, states }: ModelDescription,
  names: BindingNames,
): (Member & { readonly value: string })[] {
  const isRecurrent = states.length > 0;
  const act = isRecurrent ? 'step' : 'run';
  const hasInputs = inputs.length > 0;
  const members: (Member & { readonly value: string })[] = [
    {
      name: act,
      type: hasInputs ? `(inputs?: ${names.inputs}) => ${names.outputs}` : `() => ${names.outputs}`,
      value: hasInputs
        ? `(inputs) => session.run(inputs) as ${names.outputs}`
        : `() => session.run() as ${names.outputs}`,
      docs: [
        [
          isRecurrent
            ? 'Runs the model once. States carry over from one step to the next.'
            : 'Runs the model once; nothing is left of it for the next run.',
          ...(hasInputs
            ? [
                '',
                '@param inputs - All inputs; absent when they were written to the places that `input` gives.',
                '@throws GrimError when an array has not as many values as its shape, before anything is changed.',
              ]
            : []),
        ].join('\n'),
      ],
    },
  ];
  if (hasInputs) {
    members.push({
      name: 'input',
      type: `<Name extends keyof ${names.inputs}>(name: Name) => ${names.inputs}[Name]`,
      value: '(name) => session.input(name)',
      docs: [
        `The place of an input in memory that all sessions of the model share: write there, then call \`${act}\` without inputs.`,
      ],
    });
  }
  if (isRecurrent) {
    members.push(
      {
        name: 'reset',
        type: '() => void',
        value: '() => session.reset()',
        docs: ['Puts the states back to what they are before the first step.'],
      },
      {
        name: 'getState',
        type: `() => ${names.states}`,
        value: `() => session.getState() as ${names.states}`,
        docs: ['Copies of all states.'],
      },
      {
        name: 'setState',
        type: `(states: ${names.states}) => void`,
        value: '(states) => session.setState(states)',
        docs: [
          'Replaces all states with copies of these, e.g. those that `getState` gave.\n\n@throws GrimError when an array has not as many values as its shape, before anything is changed.',
        ],
      },
    );
  }
  return members;
}
