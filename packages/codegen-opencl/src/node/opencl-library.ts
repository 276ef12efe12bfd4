import koffi from 'koffi';

import { GrimError } from '@grim/ir';

/** A function of OpenCL. Handles are integers; memory is passed as typed arrays. */
type Call = (...operands: unknown[]) => unknown;

/** Where the loader of OpenCL lies, by operating system. */
const libraries: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/System/Library/Frameworks/OpenCL.framework/OpenCL',
  win32: 'OpenCL.dll',
};

const declarations = {
  clGetPlatformIDs: 'int clGetPlatformIDs(uint32_t, void *, void *)',
  clGetDeviceIDs: 'int clGetDeviceIDs(uintptr_t, uint64_t, uint32_t, void *, void *)',
  clGetDeviceInfo: 'int clGetDeviceInfo(uintptr_t, uint32_t, size_t, void *, void *)',
  clCreateContext: 'uintptr_t clCreateContext(void *, uint32_t, void *, void *, void *, void *)',
  clCreateCommandQueue: 'uintptr_t clCreateCommandQueue(uintptr_t, uintptr_t, uint64_t, void *)',
  clCreateProgramWithSource:
    'uintptr_t clCreateProgramWithSource(uintptr_t, uint32_t, const char **, void *, void *)',
  clBuildProgram: 'int clBuildProgram(uintptr_t, uint32_t, void *, const char *, void *, void *)',
  clGetProgramBuildInfo: 'int clGetProgramBuildInfo(uintptr_t, uintptr_t, uint32_t, size_t, void *, void *)',
  clCreateKernel: 'uintptr_t clCreateKernel(uintptr_t, const char *, void *)',
  clSetKernelArg: 'int clSetKernelArg(uintptr_t, uint32_t, size_t, void *)',
  clCreateBuffer: 'uintptr_t clCreateBuffer(uintptr_t, uint64_t, size_t, void *, void *)',
  clCreateImage: 'uintptr_t clCreateImage(uintptr_t, uint64_t, void *, void *, void *, void *)',
  clEnqueueNDRangeKernel:
    'int clEnqueueNDRangeKernel(uintptr_t, uintptr_t, uint32_t, void *, void *, void *, uint32_t, void *, void *)',
  clEnqueueReadBuffer:
    'int clEnqueueReadBuffer(uintptr_t, uintptr_t, uint32_t, size_t, size_t, void *, uint32_t, void *, void *)',
  clEnqueueWriteBuffer:
    'int clEnqueueWriteBuffer(uintptr_t, uintptr_t, uint32_t, size_t, size_t, void *, uint32_t, void *, void *)',
  clGetEventProfilingInfo: 'int clGetEventProfilingInfo(uintptr_t, uint32_t, size_t, void *, void *)',
  clFinish: 'int clFinish(uintptr_t)',
  clReleaseCommandQueue: 'int clReleaseCommandQueue(uintptr_t)',
  clReleaseContext: 'int clReleaseContext(uintptr_t)',
  clReleaseEvent: 'int clReleaseEvent(uintptr_t)',
  clReleaseKernel: 'int clReleaseKernel(uintptr_t)',
  clReleaseMemObject: 'int clReleaseMemObject(uintptr_t)',
  clReleaseProgram: 'int clReleaseProgram(uintptr_t)',
} as const;

/** The functions of OpenCL that are used here. */
export type OpenclLibrary = Readonly<Record<keyof typeof declarations, Call>>;

let loaded: OpenclLibrary | undefined;

/**
 * The OpenCL library of this machine, loaded once.
 *
 * @throws GrimError where there is none, saying what to install.
 */
export function openclLibrary(path = libraries[process.platform] ?? 'libOpenCL.so.1'): OpenclLibrary {
  if (loaded) return loaded;
  let library: ReturnType<typeof koffi.load>;
  try {
    library = koffi.load(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new GrimError(
      `no OpenCL on this machine (${reason ?? ''}); install a driver, such as pocl-opencl-icd on Debian`,
      { file: path },
    );
  }
  const functions = Object.entries(declarations).map(([name, declaration]) => {
    const call: Call = library.func(declaration);
    return [name, call] as const;
  });
  loaded = Object.fromEntries(functions) as OpenclLibrary;
  return loaded;
}
