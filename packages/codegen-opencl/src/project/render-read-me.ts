import { commentText, parameterList, type PortParameter } from '@grim/codegen-c';

/** What the README of a project states. */
export interface ReadMeFacts {
  readonly prefix: string;
  /** Name of the model. */
  readonly model: string;
  /** What made the project of what. */
  readonly origin?: string;
  readonly parameters: readonly PortParameter[];
  readonly isRecurrent: boolean;
  readonly weights: 'c' | 'binary';
  readonly device: string;
  readonly deviceBytes: number;
  readonly weightBytes: number;
  /** Whether products and sums are rounded one by one. */
  readonly isStrict: boolean;
  /** Whether weights and what is computed between inputs and outputs are 16-bit floats. */
  readonly hasHalves: boolean;
  /** Greatest difference that the self-test allows; 0: none of any bit. */
  readonly tolerance: number;
}

/** How the files of a project are built, tested and used. */
export function renderReadMe(facts: ReadMeFacts): string {
  const { prefix, parameters, isRecurrent, weights, tolerance, isStrict, hasHalves } = facts;
  const upper = prefix.toUpperCase();
  const isText = weights === 'c';
  const pass = isText ? '' : ` ../${prefix}_weights.bin`;
  const step = isRecurrent ? 'step' : 'run';
  const rows = [
    [`${prefix}.h`, 'what an application calls, with its documentation'],
    [`${prefix}.c`, 'the host code'],
    [`${prefix}_kernels.cl`, 'the kernels, to be read'],
    [`${prefix}_kernels.c`, 'the kernels, as the host code compiles them'],
    isText
      ? [`${prefix}_weights.c`, 'the weights, constant']
      : [`${prefix}_weights.bin`, 'the weights, to be loaded by the application'],
    [`${prefix}_test.c`, 'runs the stored inputs and compares with the stored outputs'],
    [`${prefix}_benchmark.c`, 'times the model'],
    [`${prefix}_samples.h`, 'names the stored inputs and outputs'],
    [`${prefix}_samples.c`, isText ? 'holds them' : 'holds them, and reads the weights for both programs'],
    ['CMakeLists.txt', 'builds a library and both programs'],
  ];
  const rounds = `Multiply-adds round ${isStrict ? 'twice' : 'once'}`;
  const allowed = `The self-test allows a difference of ${String(tolerance)}`;
  const relative = 'relative to 1 or the greatest value of an output';
  const rounding = hasHalves
    ? `Weights and everything between inputs, states and outputs are 16-bit floats. ${rounds}. ${allowed} from the same model in 32-bit floats, ${relative}.
Values beyond ±65504 become infinite: where the self-test says so, the model needs 32-bit floats.`
    : isStrict
      ? `${rounds}, and the self-test compares bit for bit. A device that does not round divisions and square roots correctly gives other bits.`
      : `${rounds}. ${allowed} from results that are rounded twice, ${relative}.`;
  return `# ${commentText(facts.model)}

Kernels in OpenCL C 1.2 and a host in C11. Needs a C compiler, the headers and the loader of OpenCL, and the driver of a device${hasHalves ? ' that computes with 16-bit floats (`cl_khr_fp16`)' : ''}. Work is
divided for ${facts.device}. A context takes ${String(facts.deviceBytes)} bytes on the device, and ${String(facts.weightBytes)} bytes of weights can be shared.
${facts.origin === undefined ? '' : `\nMade by ${commentText(facts.origin)}.\n`}
| file | holds |
| --- | --- |
${rows.map(([file, holds]) => `| \`${file ?? ''}\` | ${holds ?? ''} |`).join('\n')}

## Build

    cmake -B build && cmake --build build
    ctest --test-dir build --output-on-failure
    cd build && ./${prefix}_benchmark${pass}

For Android, whose NDK has no OpenCL: headers of Khronos, and \`libOpenCL.so\` of the device, or a loader that opens it:

    cmake -B build -DCMAKE_TOOLCHAIN_FILE=$NDK/build/cmake/android.toolchain.cmake \\
      -DANDROID_ABI=arm64-v8a -DANDROID_PLATFORM=android-24 \\
      -DOpenCL_INCLUDE_DIR=OpenCL-Headers -DOpenCL_LIBRARY=libOpenCL.so

In a project of your own: \`add_subdirectory(…)\`, then \`target_link_libraries(app PRIVATE ${prefix})\`.

## Use

\`\`\`c
#include <stdalign.h>
#include <stdio.h>
#include "${prefix}.h"

static alignas(16) unsigned char memory[${upper}_CONTEXT_BYTES];

${prefix}_context *context = ${prefix}_init(memory, ${isText ? `${prefix}_weights` : 'weights'});
if (context == NULL) puts(${prefix}_failure());
\`\`\`

Then, as often as needed, \`${prefix}_${step}(context, ${parameters.map(({ name }) => name).join(', ')})\`, where the parameters are \`${parameterList(parameters)}\`; it returns 0, or not where \`${prefix}_failure\` says why.${isRecurrent ? ` States carry over from one step to the next; \`${prefix}_reset(context)\` sets them back.` : ''} A second stream: \`${prefix}_init_beside(other_memory, context)\`.

## Numbers

${rounding}
The stored outputs come from WebAssembly that was compiled from ${hasHalves ? 'the same model' : 'the same kernels'}.
`;
}
