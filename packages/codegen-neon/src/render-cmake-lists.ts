import type { NeonCapabilities } from './capabilities.ts';
import { operatorFolder, operatorUnit, type OperatorSources } from './operator-sources.ts';

/**
 * A build of a program by CMake: a library, and its self-test and benchmark unless it is part of another project or for iOS,
 * where programs have to be signed.
 *
 * @param needsHalfArithmetic - Whether the code computes with 16-bit floats, which compilers have to be told of.
 */
export function renderCmakeLists(
  prefix: string,
  weights: 'c' | 'binary',
  { processor }: NeonCapabilities,
  needsHalfArithmetic: boolean,
  operators?: OperatorSources,
): string {
  const upper = prefix.toUpperCase();
  const isText = weights === 'c';
  const operand = isText ? '' : ` "\${CMAKE_CURRENT_SOURCE_DIR}/${prefix}_weights.bin"`;
  const units = operators?.sources.map((_, index) => ` ${operatorUnit(prefix, index)}`) ?? [];
  const folders = operators?.includeFolders.map((folder) => `${operatorFolder}/${folder}`) ?? [];
  return `# A library of the model, static unless BUILD_SHARED_LIBS is on, and programs that test and time it.
cmake_minimum_required(VERSION 3.16)
project(${prefix} LANGUAGES C)

# Nothing here is fast before it is optimised.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)

add_library(${prefix} ${prefix}.c${isText ? ` ${prefix}_weights.c` : ''}${units.join('')})
target_include_directories(${prefix} PUBLIC "\${CMAKE_CURRENT_SOURCE_DIR}")
${folders.map((folder) => `target_include_directories(${prefix} PRIVATE "\${CMAKE_CURRENT_SOURCE_DIR}/${folder}")\n`).join('')}# Android links it into a shared library, also where it is static.
set_target_properties(${prefix} PROPERTIES POSITION_INDEPENDENT_CODE ON)
if(UNIX AND NOT APPLE)
  target_link_libraries(${prefix} PUBLIC m)
endif()
${
  needsHalfArithmetic
    ? `
# It computes with 16-bit floats, which processors do from ARMv8.2 on.
target_compile_options(${prefix} PRIVATE -march=armv8.2-a+fp16)
`
    : ''
}
# Instructions are in an order that suits this processor, and run on every one of AArch64${needsHalfArithmetic ? ' that has them' : ''}.
include(CheckCCompilerFlag)
check_c_compiler_flag(-mtune=${processor} ${upper}_CAN_TUNE)
if(${upper}_CAN_TUNE)
  target_compile_options(${prefix} PRIVATE -mtune=${processor})
endif()

if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR AND NOT IOS)
  set(${upper}_TOOLS_DEFAULT ON)
else()
  set(${upper}_TOOLS_DEFAULT OFF)
endif()
option(${upper}_TOOLS "Build the self-test and the benchmark of ${prefix}" \${${upper}_TOOLS_DEFAULT})
if(${upper}_TOOLS)
  enable_testing()
  foreach(tool test benchmark)
    add_executable(${prefix}_\${tool} ${prefix}_\${tool}.c ${prefix}_samples.c)
    target_link_libraries(${prefix}_\${tool} PRIVATE ${prefix})
  endforeach()
  add_test(NAME ${prefix}_test COMMAND ${prefix}_test${operand})
endif()
`;
}
