/** A build of a program by CMake: a library, and its self-test and benchmark unless it is part of another project. */
export function renderCmakeLists(prefix: string, weights: 'c' | 'binary'): string {
  const upper = prefix.toUpperCase();
  const isText = weights === 'c';
  const operand = isText ? '' : ` "\${CMAKE_CURRENT_SOURCE_DIR}/${prefix}_weights.bin"`;
  return `# A library of the model, static unless BUILD_SHARED_LIBS is on, and programs that test and time it.
cmake_minimum_required(VERSION 3.16)
project(${prefix} LANGUAGES C)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)

# Where it is not found, as with the Android NDK, -DOpenCL_INCLUDE_DIR=… and -DOpenCL_LIBRARY=… say where it is.
find_package(OpenCL REQUIRED)
add_library(${prefix} ${prefix}.c ${prefix}_kernels.c${isText ? ` ${prefix}_weights.c` : ''})
target_include_directories(${prefix} PUBLIC "\${CMAKE_CURRENT_SOURCE_DIR}")
target_link_libraries(${prefix} PUBLIC OpenCL::OpenCL)
# Android links it into a shared library, also where it is static.
set_target_properties(${prefix} PROPERTIES POSITION_INDEPENDENT_CODE ON)

if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)
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
    if(UNIX AND NOT APPLE)
      target_link_libraries(${prefix}_\${tool} PRIVATE m)
    endif()
  endforeach()
  add_test(NAME ${prefix}_test COMMAND ${prefix}_test${operand})
endif()
`;
}
