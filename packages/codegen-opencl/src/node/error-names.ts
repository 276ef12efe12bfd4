/** Names of the errors that calls used here can give. */
const names: Readonly<Record<number, string>> = {
  [-1]: 'CL_DEVICE_NOT_FOUND',
  [-2]: 'CL_DEVICE_NOT_AVAILABLE',
  [-3]: 'CL_COMPILER_NOT_AVAILABLE',
  [-4]: 'CL_MEM_OBJECT_ALLOCATION_FAILURE',
  [-5]: 'CL_OUT_OF_RESOURCES',
  [-6]: 'CL_OUT_OF_HOST_MEMORY',
  [-10]: 'CL_IMAGE_FORMAT_NOT_SUPPORTED',
  [-11]: 'CL_BUILD_PROGRAM_FAILURE',
  [-30]: 'CL_INVALID_VALUE',
  [-38]: 'CL_INVALID_MEM_OBJECT',
  [-40]: 'CL_INVALID_IMAGE_SIZE',
  [-46]: 'CL_INVALID_KERNEL_NAME',
  [-48]: 'CL_INVALID_KERNEL',
  [-49]: 'CL_INVALID_ARG_INDEX',
  [-50]: 'CL_INVALID_ARG_VALUE',
  [-51]: 'CL_INVALID_ARG_SIZE',
  [-52]: 'CL_INVALID_KERNEL_ARGS',
  [-54]: 'CL_INVALID_WORK_GROUP_SIZE',
  [-55]: 'CL_INVALID_WORK_ITEM_SIZE',
  [-61]: 'CL_INVALID_BUFFER_SIZE',
  [-1001]: 'CL_PLATFORM_NOT_FOUND_KHR',
};

/** The name of an error of OpenCL with its number. */
export function errorName(code: number): string {
  const name = names[code];
  return name === undefined ? `error ${String(code)}` : `${name} (${String(code)})`;
}
