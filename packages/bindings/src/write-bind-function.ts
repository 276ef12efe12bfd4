import { elementCount } from '@grim/ir';
import type { CodeBlockWriter } from 'ts-morph';
import type { BindingNames } from './binding-names.ts';
import { propertyOf, stringLiteral, valueKey } from './literals.ts';
import type { CLibrary, ModelDescription } from './model-description.ts';

/** Writes the statements of the function that binds a model to its library. */
export function writeBindFunction(
  writer: CodeBlockWriter,
  model: ModelDescription,
  code: CLibrary,
  names: BindingNames,
): void {
  writeFunctions(writer, model, code);
  writeWeights(writer, code, names);
  if (code.onDevice) writeDeviceHelpers(writer, code);
  writer.write('return ').inlineBlock(() => {
    writer
      .write('createSession: () => ')
      .inlineBlock(() => {
        writer.writeLine(`const context = new Uint8Array(new ArrayBuffer(${names.memory}.contextBytes));`);
        writeOpening(writer, code);
        writer
          .write(`const outputs: ${names.outputs} = `)
          .inlineBlock(() => {
            for (const { name, shape } of model.outputs) {
              writer.writeLine(`${valueKey(name)}: new Float32Array(${elementCount(shape)}),`);
            }
          })
          .write(';')
          .newLine()
          .write('return ')
          .inlineBlock(() => {
            writeSessionMembers(writer, model, code);
          })
          .write(';');
      })
      .write(',')
      .newLine();
  });
  writer.write(';');
}

const stepName = ({ states }: ModelDescription): string => (states.length > 0 ? 'step' : 'run');

/** The functions of the library that are called. */
function writeFunctions(
  writer: CodeBlockWriter,
  model: ModelDescription,
  { prefix, onDevice }: CLibrary,
): void {
  const { inputs, outputs, states } = model;
  const act = stepName(model);
  const status = onDevice ? 'int' : 'void';
  const parameters = ['void *context', ...inputs.map(() => 'const float *'), ...outputs.map(() => 'float *')];
  const bind = (name: string, prototype: string): void => {
    writer.writeLine(`const ${name} = library.func(${stringLiteral(prototype)});`);
  };
  if (onDevice) {
    bind('init', `void *${prefix}_init_on(void *memory, const void *weights, const char *device)`);
    bind('initBeside', `void *${prefix}_init_beside(void *memory, const void *other)`);
    bind('release', `void ${prefix}_release(void *context)`);
    bind('failure', `const char *${prefix}_failure(void)`);
  } else {
    bind('init', `void *${prefix}_init(void *memory, const void *weights)`);
  }
  bind(act, `${status} ${prefix}_${act}(${parameters.join(', ')})`);
  if (states.length > 0) bind('reset', `${status} ${prefix}_reset(void *context)`);
}

/** The weights, held for as long as the model is. */
function writeWeights(writer: CodeBlockWriter, { prefix, weights }: CLibrary, names: BindingNames): void {
  if (weights === 'c') {
    writer.writeLine(`const held = library.symbol(${stringLiteral(`${prefix}_weights`)});`);
    return;
  }
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

/** What sessions on a device share. */
function writeDeviceHelpers(writer: CodeBlockWriter, { prefix }: CLibrary): void {
  writer
    .writeLine('const open = new Set<Uint8Array>();')
    .write('const requireSuccess = (isDone: boolean): void => ')
    .inlineBlock(() => {
      writer.write('if (!isDone) ').block(() => {
        writer.writeLine(`throw new Error(${stringLiteral(`${prefix}: `)} + String(failure()));`);
      });
    })
    .write(';')
    .newLine()
    .write('const requireOpen = (context: Uint8Array): Uint8Array => ')
    .inlineBlock(() => {
      writer.write('if (!open.has(context)) ').block(() => {
        writer.writeLine(`throw new Error(${stringLiteral(`${prefix}: the session is closed`)});`);
      });
      writer.writeLine('return context;');
    })
    .write(';')
    .newLine();
}

/** Statements that make a context in its memory. */
function writeOpening(writer: CodeBlockWriter, { onDevice }: CLibrary): void {
  if (onDevice) {
    writer
      .writeLine('// Beside another session it shares the weights and the compiled kernels of that.')
      .writeLine('const [other] = open;')
      .writeLine(
        'requireSuccess((other ? initBeside(context, other) : init(context, held, device ?? null)) !== null);',
      )
      .writeLine('open.add(context);');
    return;
  }
  writer
    .write('if (init(context, held) === null) ')
    .inlineBlock(() => {
      writer.writeLine("throw new RangeError('memory does not begin at a multiple of 16 bytes');");
    })
    .newLine();
}

/** What a session can do. */
function writeSessionMembers(writer: CodeBlockWriter, model: ModelDescription, { onDevice }: CLibrary): void {
  const { inputs, outputs, states } = model;
  const act = stepName(model);
  const context = onDevice ? 'requireOpen(context)' : 'context';
  const operands = [
    context,
    ...inputs.map(
      ({ name, shape }) =>
        `requireValues(${propertyOf('inputs', name)}, ${stringLiteral(name)}, ${elementCount(shape)})`,
    ),
    ...outputs.map(({ name }) => propertyOf('outputs', name)),
  ];
  const checked = (call: string): string => (onDevice ? `requireSuccess(${call} === 0)` : call);
  writer
    .write(`${act}: (inputs) => `)
    .inlineBlock(() => {
      writer.writeLine(`${checked(`${act}(${operands.join(', ')})`)};`);
      writer.writeLine('return outputs;');
    })
    .write(',')
    .newLine();
  if (states.length > 0) {
    writer.writeLine(`reset: () => ${onDevice ? '' : 'void '}${checked(`reset(${context})`)},`);
  }
  if (onDevice) {
    writer
      .write('close: () => ')
      .inlineBlock(() => {
        writer.write('if (open.delete(context)) ').block(() => {
          writer.writeLine('release(context);');
        });
      })
      .write(',')
      .newLine();
  }
}
