import { commentText, parameterList, type PortParameter } from '@grim/codegen-c';

import type { NeonCapabilities } from './capabilities.ts';
import { operatorFolder } from './operator-sources.ts';

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
  readonly contextBytes: number;
  readonly weightBytes: number;
  readonly capabilities: NeonCapabilities;
  /** Whether weights and what is computed between inputs and outputs are 16-bit floats. */
  readonly hasHalves: boolean;
  /** Greatest difference that the self-test allows; 0: none of any bit. */
  readonly tolerance: number;
  /** Whether operators of a user's own are a part of it. */
  readonly hasOperators: boolean;
}

/** How the files of a project are built, tested and used. */
export function renderReadMe(facts: ReadMeFacts): string {
  const { prefix, parameters, isRecurrent, weights, capabilities, tolerance, hasHalves } = facts;
  const upper = prefix.toUpperCase();
  const isText = weights === 'c';
  const pass = isText ? '' : ` ../${prefix}_weights.bin`;
  const step = isRecurrent ? 'step' : 'run';
  const rows = [
    [`${prefix}.h`, 'what an application calls, with its documentation'],
    [`${prefix}.c`, 'the code'],
    isText
      ? [`${prefix}_weights.c`, 'the weights, constant']
      : [`${prefix}_weights.bin`, 'the weights, to be loaded or mapped by the application'],
    [`${prefix}_test.c`, 'runs the stored inputs and compares with the stored outputs'],
    [`${prefix}_benchmark.c`, 'times the model'],
    [`${prefix}_samples.h`, 'names the stored inputs and outputs'],
    [`${prefix}_samples.c`, isText ? 'holds them' : 'holds them, and reads the weights for both programs'],
    ...(facts.hasOperators
      ? [
          [`${operatorFolder}/`, 'operators of your own'],
          [`${prefix}_operators_*.c`, 'compile them, with their macros'],
        ]
      : []),
    ['CMakeLists.txt', 'builds a library and both programs'],
  ];
  const isFused = capabilities.multiplyAdd === 'fused';
  const rounds = `Multiply-adds round ${isFused ? 'once' : 'twice'}`;
  const allowed = `The self-test allows a difference of ${String(tolerance)}`;
  const relative = 'relative to 1 or the greatest value of an output';
  const rounding = hasHalves
    ? `Weights and everything between inputs, states and outputs are 16-bit floats. ${rounds}. ${allowed} from the same model in 32-bit floats, ${relative}.
Values beyond ±65504 become infinite: where the self-test says so, the model needs 32-bit floats.`
    : isFused
      ? `${rounds}. ${allowed} from results that are rounded twice, ${relative}.`
      : tolerance > 0
        ? `${rounds}. ${allowed}, ${relative}, since operators of your own may round in another way.`
        : `${rounds}, and the self-test compares bit for bit.`;
  return `# ${commentText(facts.model)}

C11 with NEON intrinsics, for AArch64. Needs nothing beyond a C compiler and libm. Allocates nothing: a context of
${String(facts.contextBytes)} bytes holds all that is computed, and ${String(facts.weightBytes)} bytes of weights are shared and never written.
Instructions are ordered for ${capabilities.processor}, and run on every processor of AArch64${hasHalves ? ' that computes with 16-bit floats (ARMv8.2 `fp16`)' : ''}.
${facts.origin === undefined ? '' : `\nMade by ${commentText(facts.origin)}.\n`}
| file | holds |
| --- | --- |
${rows.map(([file, holds]) => `| \`${file ?? ''}\` | ${holds ?? ''} |`).join('\n')}

## Build

On an AArch64 Linux or macOS:

    cmake -B build && cmake --build build
    ctest --test-dir build --output-on-failure
    cd build && ./${prefix}_benchmark${pass}

On another machine, for Linux, with a cross compiler and an emulator for the tests:

    cmake -B build -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \\
      -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc \\
      -DCMAKE_CROSSCOMPILING_EMULATOR='qemu-aarch64;-L;/usr/aarch64-linux-gnu'

For Android:

    cmake -B build -DCMAKE_TOOLCHAIN_FILE=$NDK/build/cmake/android.toolchain.cmake \\
      -DANDROID_ABI=arm64-v8a -DANDROID_PLATFORM=android-24

For iOS, the library alone:

    cmake -B build -G Xcode -DCMAKE_SYSTEM_NAME=iOS -DCMAKE_OSX_ARCHITECTURES=arm64

In a project of your own: \`add_subdirectory(…)\`, then \`target_link_libraries(app PRIVATE ${prefix})\`. Do not compile with
\`-ffast-math\`, which gives up NaN and infinities.

## Use

\`\`\`c
#include <stdalign.h>
#include "${prefix}.h"

static alignas(16) unsigned char memory[${upper}_CONTEXT_BYTES];

${prefix}_context *context = ${prefix}_init(memory, ${isText ? `${prefix}_weights` : 'weights'});
\`\`\`

Then, as often as needed, \`${prefix}_${step}(context, ${parameters.map(({ name }) => name).join(', ')})\`, where the parameters are \`${parameterList(parameters)}\`.${isRecurrent ? ` States carry over from one step to the next; \`${prefix}_reset(context)\` sets them back.` : ''}

## Numbers

${rounding}
The stored outputs come from WebAssembly that was compiled from ${hasHalves ? 'the same model' : 'the same kernels'}.
`;
}
