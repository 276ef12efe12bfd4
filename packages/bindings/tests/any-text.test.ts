import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import {
  bindingForms,
  bindingNames,
  renderBindings,
  type ModelDescription,
  type PortDescription,
} from '../src/index.ts';
import { commentText } from '../src/literals.ts';

/** What would break out of a string, a comment or a key, if anything can. */
const hostile = fc.constantFrom(
  '*/',
  '/*',
  '//',
  "'",
  '"',
  '`',
  '\\',
  '${',
  '}',
  '\n',
  '\r',
  '\u2028',
  '\u0000',
  '\ud800',
  '\u202e',
  '\ufeff',
  '@ts-ignore',
  '@ts-expect-error',
  '\n/// <reference path="x" />',
  '//# sourceMappingURL=x',
  '</script>',
  '__proto__',
  'constructor',
  'export',
  'λ',
  '0',
);
const anyText = fc
  .array(fc.oneof(hostile, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), { maxLength: 5 })
  .map((parts) => parts.join(''));

const ports = (least: number): fc.Arbitrary<PortDescription[]> =>
  fc.uniqueArray(
    fc.record({
      name: anyText,
      shape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: least, maxLength: 4, selector: ({ name }) => name },
  );

const anyModel: fc.Arbitrary<ModelDescription> = fc.record({
  name: anyText,
  inputs: ports(0),
  outputs: ports(1),
  states: ports(0),
  facts: fc.array(fc.record({ label: anyText, text: anyText }), { maxLength: 3 }),
  code: fc.oneof(
    fc.record({ kind: fc.constant('grim' as const), file: anyText }),
    fc.record({
      kind: fc.constant('c' as const),
      prefix: anyText,
      contextBytes: fc.nat(999),
      weightBytes: fc.nat(999),
      weights: fc.constantFrom('c' as const, 'binary' as const),
      onDevice: fc.boolean(),
    }),
  ),
});

/** Text of a module in the place of `@grim/runtime` that shows what it was called with. */
const recorder = `export const requirePorts = (model, ports) => { model.ports = ports; };
export const loadModel = async () => ({ createSession: () => ({}) });`;

/** Runs the text of a module with the recorder below it. */
async function importText(text: string): Promise<Record<string, unknown>> {
  const url = (content: string): string => `data:text/javascript,${encodeURIComponent(content)}`;
  const module: unknown = await import(url(text.replace("'@grim/runtime'", `'${url(recorder)}'`)));
  return module as Record<string, unknown>;
}

/** What the ports constant of a module is, entry by entry: comparing objects would miss a prototype. */
function portEntries(value: unknown): unknown {
  return Object.entries(value as object).map(([role, byName]) => [role, Object.entries(byName as object)]);
}

function expectedEntries({ inputs, outputs, states }: ModelDescription): unknown {
  return Object.entries({ inputs, outputs, states }).map(([role, list]) => [
    role,
    // Objects have keys that are numbers first.
    Object.entries(Object.fromEntries(list.map(({ name, shape }) => [name, { shape, length: size(shape) }]))),
  ]);
}

/** Kinds of the statements of a text, and what the parser says about it. */
function parsed(text: string, extension: string): { kinds: string[]; problems: readonly unknown[] } {
  const name = `file${extension}`;
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly unknown[] };
  return {
    kinds: file.statements.map(({ kind }) => ts.SyntaxKind[kind]),
    problems: [...parseDiagnostics, ...file.referencedFiles, ...file.typeReferenceDirectives],
  };
}

/** The statements that a file of the module has, in alphabetical order. */
function expectedKinds({ code, states }: ModelDescription, extension: string): string[] {
  const isC = code.kind === 'c';
  const isModule = extension === bindingForms.mjs.module;
  const repeat = (kind: ts.SyntaxKind, count: number): string[] =>
    Array<string>(count).fill(ts.SyntaxKind[kind]);
  return [
    // Of types alone, it is gone from the code.
    ...repeat(ts.SyntaxKind.ImportDeclaration, isC && isModule ? 0 : 1),
    ...repeat(ts.SyntaxKind.VariableStatement, isC ? 2 : 1),
    ...repeat(ts.SyntaxKind.TypeAliasDeclaration, isModule ? 0 : isC || states.length === 0 ? 2 : 3),
    ...repeat(ts.SyntaxKind.InterfaceDeclaration, isModule ? 0 : isC ? 3 : 2),
    ...repeat(ts.SyntaxKind.FunctionDeclaration, isC && extension !== bindingForms.mjs.declaration ? 2 : 1),
  ].sort();
}

/** Binds a model in C to a library of nothing, runs it, and counts the operands of the call. */
function boundCalls(bind: unknown, { inputs, code, states }: ModelDescription): number {
  let count = 0;
  const library = {
    func: (prototype: string) => {
      const isRun = prototype.includes(states.length > 0 ? '_step(' : '_run(');
      return (...operands: readonly unknown[]) => {
        if (isRun) count = operands.length;
        // Nothing failed.
        return 0;
      };
    },
    symbol: () => 0n,
  };
  type Arrays = Readonly<Record<string, Float32Array>>;
  type Run = (inputs: Arrays) => unknown;
  const model = (
    bind as (
      library: unknown,
      weights: Uint8Array,
    ) => { createSession: () => { readonly run?: Run; readonly step?: Run } }
  )(library, new Uint8Array(code.kind === 'c' ? code.weightBytes : 0));
  const { run, step } = model.createSession();
  (step ?? run)?.(Object.fromEntries(inputs.map(({ name, shape }) => [name, new Float32Array(size(shape))])));
  return count;
}

/** Values of a shape. */
function size(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** A name whose literal could end in an escaped quote, before one that could begin a comment. */
const endsInBackslash: ModelDescription = {
  name: '',
  inputs: [],
  outputs: ['\\', '/*'].map((name) => ({ name, shape: [1] })),
  states: [],
  facts: [],
  code: { kind: 'c', prefix: '', contextBytes: 0, weightBytes: 0, weights: 'c', onDevice: false },
};

describe('whatever names and facts hold', () => {
  test('the module has its statements and no others, and the ports of the model', async () => {
    await fc.assert(
      fc.asyncProperty(anyModel, async (model) => {
        const names = bindingNames(model.name);
        const texts = new Map(
          (['mjs', 'ts'] as const).flatMap((form) =>
            renderBindings(model, form).map(({ extension, text }) => [extension, text] as const),
          ),
        );
        for (const [extension, text] of texts) {
          const { kinds, problems } = parsed(text, extension);
          expect({ kinds: kinds.sort(), problems }).toEqual({
            kinds: expectedKinds(model, extension),
            problems: [],
          });
          // Nothing in a file but what is printable, in UTF-8.
          expect(text).not.toMatch(
            /[\p{Cs}\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/u,
          );
        }
        const module = await importText(texts.get('.mjs') ?? '');
        const isC = model.code.kind === 'c';
        const exported = isC ? [names.bind, names.memory, names.ports] : [names.load, names.ports];
        expect(Object.keys(module).sort()).toEqual(exported.sort());
        expect(portEntries(module[names.ports])).toEqual(expectedEntries(model));
        if (isC) {
          expect(boundCalls(module[names.bind], model)).toBe(model.inputs.length + model.outputs.length + 1);
        } else {
          const load = module[names.load] as (bytes: Uint8Array) => Promise<{ runtime: { ports: unknown } }>;
          const loaded = await load(new Uint8Array());
          expect(loaded.runtime.ports).toBe(module[names.ports]);
        }
      }),
      { numRuns: 60, examples: [[endsInBackslash]] },
    );
  });

  test('exported names are identifiers, none twice, none of which hides a global', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        const names = Object.values(bindingNames(name)) as string[];
        expect(new Set(names).size).toBe(names.length);
        for (const each of names) {
          expect(each).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
          expect(ts.identifierToKeywordKind(ts.factory.createIdentifier(each))).toBeUndefined();
          expect(each in globalThis).toBe(false);
        }
      }),
    );
  });

  test('a comment has no end in it, no tag and no line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(commentText(text)).not.toMatch(/\*\/|(?<!\\)@|[\n\r\u2028\u2029]/);
      }),
    );
  });
});

test.each([
  ['silero-vad.v5', 'loadSileroVadV5', 'sileroVadV5Ports', 'SileroVadV5Model'],
  ['model', 'loadModel', 'modelPorts', 'Model'],
  ['my_model', 'loadMyModel', 'myModelPorts', 'MyModel'],
  ['VAD', 'loadVAD', 'vadPorts', 'VADModel'],
  ['URLModel', 'loadURLModel', 'urlModelPorts', 'URLModel'],
  ['2d', 'loadModel2d', 'model2dPorts', 'Model2dModel'],
  ['promise', 'loadPromise', 'promisePorts', 'PromiseModel'],
  ['声', 'loadModel', 'modelPorts', 'Model'],
])('%s gives %s, %s and %s', (name, load, portsName, model) => {
  expect(bindingNames(name)).toMatchObject({ load, ports: portsName, model });
});
