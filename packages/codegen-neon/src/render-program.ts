import {
  commentText,
  floatLiteral,
  identifier,
  kernelsInPlace,
  operatorHeader,
  operatorHeaderFile,
  parameterList,
  portParameters,
  renderBytes,
} from '@grim/codegen-c';
import { elementCount, type Port } from '@grim/ir';
import type { Program } from '@grim/kernels';

import type { NeonCapabilities } from './capabilities.ts';
import { CONTEXT_HEADER_BYTES, programLayout } from './program-layout.ts';
import { renderHeader } from './render-header.ts';
import { renderSource } from './render-source.ts';

/** What {@link renderProgram} writes besides the code. */
export interface ProgramOptions {
  /** Begins the names of files, functions and macros (default `model`): programs of one executable need different ones. */
  readonly prefix?: string;
  /** Weights as a C array or as a file of bytes that the application loads or maps (default `c`). */
  readonly weights?: 'c' | 'binary';
}

/** The files of a program by name. */
export type ProgramFiles = ReadonlyMap<string, string | Uint8Array>;

/** Statements that set the states to what they are before the first run. */
function renderReset(program: Program, place: (port: Port) => string): string[] {
  return program.states.flatMap((state) => {
    const count = elementCount(state.shape);
    if (state.initial === undefined) return [`  memset(${place(state)}, 0, ${String(count * 4)});`];
    const values = [...state.initial].map(floatLiteral).join(', ');
    return [
      '  {',
      `    static const float initial[${String(count)}] = {${values}};`,
      `    memcpy(${place(state)}, initial, sizeof initial);`,
      '  }',
    ];
  });
}

/**
 * A whole model as C11 files without any dependency beyond `libm`: a header with its documented functions, the code, and the
 * weights, which are constant. Nothing is allocated: the caller gives the memory of a context, and there may be any number of
 * contexts over the same weights.
 *
 * @param program - A lowered graph, see `lowerGraph`.
 * @param capabilities - What the code may use, and how multiply-adds are rounded.
 * @throws TypeError when a call is given an address in no buffer of the program.
 */
export function renderProgram(
  program: Program,
  capabilities: NeonCapabilities,
  options: ProgramOptions = {},
): ProgramFiles {
  const prefix = identifier(options.prefix ?? 'model');
  const { image, imageOffset, calls } = program;
  const imageEnd = imageOffset + image.length;
  const { contextBytes, weightBytes, memoryStart } = programLayout(program);

  const isWeight = (address: number): boolean => address >= imageOffset && address < imageEnd;
  for (const { kernel, addresses } of calls) {
    // Which of the two memories an address is in must not depend on what lies beside its buffer.
    const outside = addresses.find(
      (address) =>
        !program.buffers.some(({ offset, bytes }) => address >= offset && address < offset + bytes),
    );
    if (outside !== undefined)
      throw new TypeError(`${kernel.name} is given ${String(outside)}, in no buffer`);
  }
  const place = (address: number): string => {
    const [base, start] = isWeight(address) ? ['weights', imageOffset] : ['memory', memoryStart];
    return address === start ? base : `${base} + ${String(address - start)}`;
  };
  const portPlace = ({ offset }: Port): string => place(offset);
  const inPlace = kernelsInPlace(program);
  const source = renderSource(
    calls.map(({ kernel }) => kernel),
    capabilities,
    ({ name }) => inPlace.has(name),
  );
  const parameters = portParameters(program);
  const signature = `${prefix}_context *context, ${parameterList(parameters)}`;
  const isRecurrent = program.states.length > 0;
  const usesWeights = calls.some(({ addresses }) => addresses.some(isWeight));

  const code = [
    `#include "${prefix}.h"`,
    '',
    source,
    '// A context is the pointer to the weights, then the memory of the model; through `memcpy`, as it may be an array of bytes.',
    `static unsigned char *memory_of(${prefix}_context *context) {`,
    `  return (unsigned char *)context + ${String(CONTEXT_HEADER_BYTES)};`,
    '}',
    '',
    ...(isRecurrent
      ? [
          `void ${prefix}_reset(${prefix}_context *context) {`,
          '  unsigned char *const memory = memory_of(context);',
          ...renderReset(program, portPlace),
          '}',
          '',
        ]
      : []),
    `${prefix}_context *${prefix}_init(void *memory, const void *weights) {`,
    '  if (memory == NULL || weights == NULL) return NULL;',
    '  if ((uintptr_t)memory % 16 != 0 || (uintptr_t)weights % 16 != 0) return NULL;',
    `  memset(memory, 0, ${prefix.toUpperCase()}_CONTEXT_BYTES);`,
    `  ${prefix}_context *const context = memory;`,
    '  memcpy(memory, &weights, sizeof weights);',
    ...(isRecurrent ? [`  ${prefix}_reset(context);`] : []),
    '  return context;',
    '}',
    '',
    `void ${prefix}_${isRecurrent ? 'step' : 'run'}(${signature}) {`,
    '  unsigned char *const memory = memory_of(context);',
    ...(usesWeights
      ? ['  const unsigned char *weights;', '  memcpy(&weights, context, sizeof weights);']
      : []),
    ...parameters
      .filter(({ direction }) => direction === 'input')
      .map(({ port, name, floats }) => `  memcpy(${portPlace(port)}, ${name}, ${String(floats * 4)});`),
    ...calls.flatMap(({ kernel, addresses, node }, index) => [
      ...(node === calls[index - 1]?.node ? [] : [`  // ${commentText(node)}`]),
      `  ${identifier(kernel.name)}(${addresses.map(place).join(', ')});`,
    ]),
    ...parameters
      .filter(({ direction }) => direction === 'output')
      .map(({ port, name, floats }) => `  memcpy(${name}, ${portPlace(port)}, ${String(floats * 4)});`),
    '}',
    '',
    ...(isRecurrent
      ? [
          `void ${prefix}_run(${signature}) {`,
          `  ${prefix}_reset(context);`,
          `  ${prefix}_step(${['context', ...parameters.map(({ name }) => name)].join(', ')});`,
          '}',
          '',
        ]
      : []),
  ].join('\n');

  const padded = new Uint8Array(weightBytes);
  padded.set(image);
  const isText = options.weights !== 'binary';
  const header = renderHeader(program, {
    prefix,
    contextBytes,
    weightBytes,
    parameters,
    hasWeightArray: isText,
  });
  return new Map<string, string | Uint8Array>([
    [`${prefix}.h`, header],
    [`${prefix}.c`, code],
    ...(code.includes(`#include "${operatorHeaderFile}"`)
      ? [[operatorHeaderFile, operatorHeader] as const]
      : []),
    isText
      ? [`${prefix}_weights.c`, renderBytes(`${prefix}_weights`, `${prefix}.h`, padded)]
      : [`${prefix}_weights.bin`, padded],
  ]);
}
