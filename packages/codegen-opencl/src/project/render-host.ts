import { commentText, floatLiteral, parameterList, type PortParameter } from '@grim/codegen-c';
import { elementCount } from '@grim/ir';
import type { Program } from '@grim/kernels';

import { functionName } from '../function-name.ts';
import type { ProgramLayout } from '../program-layout.ts';
import { globalSize, groupSize } from '../render-kernel.ts';

/** What the host code of a program states. */
export interface HostFacts {
  readonly prefix: string;
  readonly parameters: readonly PortParameter[];
  readonly layout: ProgramLayout;
  /** Bytes of the text of the kernels. */
  readonly sourceBytes: number;
  /** Whether divisions and square roots have to be rounded correctly. */
  readonly isStrict: boolean;
}

const braces = (values: readonly number[]): string => `{${values.map(String).join(', ')}}`;

/** The calls of a program as a table, and the arguments of all of them as another. */
function renderTables({ calls }: Program, { place }: ProgramLayout): string {
  let first = 0;
  const rows = calls.map(({ kernel, addresses, node }) => {
    const grid = kernel.grid;
    if (!grid) throw new TypeError(`${kernel.name} has no grid`);
    const row = `    {"${functionName(kernel)}", ${String(first)}, ${String(addresses.length)}, ${braces(globalSize(grid))}, ${braces(groupSize(grid))}}, // ${commentText(node)}`;
    first += addresses.length;
    return row;
  });
  const places = calls.flatMap(({ kernel, addresses }) =>
    addresses.map((address, index) => {
      const { memory, offset } = place(address);
      const isImage = kernel.grid?.images.includes(kernel.buffers[index]?.name ?? '') ?? false;
      return `    {${isImage ? 'IMAGE' : memory === 'weights' ? 'WEIGHTS' : 'MEMORY'}, ${String(offset)}},`;
    }),
  );
  return `/** Where an argument is: one of the objects of a context, and a byte in it. */
enum place { WEIGHTS, MEMORY, IMAGE };

static const struct {
  enum place object;
  cl_int byte;
} arguments[] = {
${places.join('\n')}
};

/** The calls of a run, in order. */
static const struct {
  const char *kernel;
  cl_uint first_argument;
  cl_uint arguments;
  size_t items[3];
  size_t group[3];
} calls[] = {
${rows.join('\n')}
};`;
}

/** Statements that set the states to what they are before the first step. */
function renderReset(program: Program, { place }: ProgramLayout): string {
  return program.states
    .map(({ offset, shape, initial }) => {
      const count = elementCount(shape);
      const at = String(place(offset).offset);
      const bytes = String(count * 4);
      if (initial === undefined) {
        return `  if (code == 0) code = clEnqueueFillBuffer(context->queue, context->memory, &zero, sizeof zero, ${at}, ${bytes}, 0, NULL, NULL);`;
      }
      return `  {
    static const float initial[${String(count)}] = {${[...initial].map(floatLiteral).join(', ')}};
    if (code == 0) code = clEnqueueWriteBuffer(context->queue, context->memory, CL_FALSE, ${at}, sizeof initial, initial, 0, NULL, NULL);
  }`;
    })
    .join('\n');
}

/** The functions that run the model. */
function renderRuns(program: Program, { prefix, parameters, layout }: HostFacts): string {
  const isRecurrent = program.states.length > 0;
  const signature = `${prefix}_context *context, ${parameterList(parameters)}`;
  const operands = ['context', ...parameters.map(({ name }) => name)].join(', ');
  const transfer = ({ direction, name, port, floats }: PortParameter): string => {
    const at = `${String(layout.place(port.offset).offset)}, ${String(floats * 4)}, ${name}`;
    return direction === 'input'
      ? `  if (code == 0) code = clEnqueueWriteBuffer(context->queue, context->memory, CL_FALSE, ${at}, 0, NULL, NULL);`
      : `  if (code == 0) code = clEnqueueReadBuffer(context->queue, context->memory, CL_FALSE, ${at}, 0, NULL, NULL);`;
  };
  const transfers = (direction: PortParameter['direction']): string =>
    parameters
      .filter((parameter) => parameter.direction === direction)
      .map(transfer)
      .join('\n');
  const step = `int ${prefix}_${isRecurrent ? 'step' : 'run'}(${signature}) {
  cl_int code = begin();
${transfers('input')}
  for (cl_uint call = 0; call < CALLS && code == 0; call++) {
    code = clEnqueueNDRangeKernel(context->queue, context->kernels[call], 3, NULL, calls[call].items, calls[call].group, 0, NULL, NULL);
    if (code != 0) fail(calls[call].kernel, code);
  }
${transfers('output')}
  // Nothing of the caller may be in use when this returns, after an error either.
  const cl_int end = clFinish(context->queue);
  return failed_with("a run", code != 0 ? code : end);
}`;
  if (!isRecurrent) return step;
  const zero = program.states.some(({ initial }) => initial === undefined)
    ? '  static const cl_float zero = 0.0f;\n'
    : '';
  return `int ${prefix}_reset(${prefix}_context *context) {
${zero}  cl_int code = begin();
${renderReset(program, layout)}
  return failed_with("a reset", code);
}

${step}

int ${prefix}_run(${signature}) {
  const int code = ${prefix}_reset(context);
  return code != 0 ? code : ${prefix}_step(${operands});
}`;
}

/** The host code of a program: C11 over OpenCL 1.2. */
export function renderHost(program: Program, facts: HostFacts): string {
  const { prefix, layout, sourceBytes, isStrict } = facts;
  const upper = prefix.toUpperCase();
  const isRecurrent = program.states.length > 0;
  const usesImage = program.calls.some(({ kernel }) => (kernel.grid?.images.length ?? 0) > 0);
  const weightBytes = layout.weights.length;
  return `#define CL_TARGET_OPENCL_VERSION 120

#include "${prefix}.h"

#ifdef __APPLE__
#include <OpenCL/opencl.h>
#else
#include <CL/cl.h>
#endif

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/** The text of the kernels, as in ${prefix}_kernels.cl. */
extern const unsigned char ${prefix}_kernels[${String(sourceBytes)}];

${renderTables(program, layout)}

#define CALLS ((cl_uint)(sizeof calls / sizeof calls[0]))

struct ${prefix}_context {
  cl_context context;
  cl_device_id device;
  cl_command_queue queue;
  cl_program program;
  cl_mem weights;
  cl_mem image;
  cl_mem memory;
  cl_kernel kernels[sizeof calls / sizeof calls[0]];
};

_Static_assert(sizeof(${prefix}_context) <= ${upper}_CONTEXT_BYTES, "the context has room for its objects");

static _Thread_local char failure[1024];

const char *${prefix}_failure(void) {
  return failure;
}

/** Forgets what went wrong in another call. */
static cl_int begin(void) {
  failure[0] = '\\0';
  return 0;
}

/** Keeps what went wrong. */
static void fail(const char *what, cl_int code) {
  snprintf(failure, sizeof failure, "OpenCL: %s failed with error %d", what, (int)code);
}

/** The code; keeps what failed, unless that is known better already. */
static int failed_with(const char *what, cl_int code) {
  if (code != 0 && failure[0] == '\\0') fail(what, code);
  return code;
}

/** Finds the first device whose name contains \`part\`; without one the first GPU, or the first device of any kind. */
static cl_device_id find_device(const char *part) {
  cl_platform_id platforms[16];
  cl_uint platform_count = 0;
  cl_device_id any = NULL;
  if (clGetPlatformIDs(16, platforms, &platform_count) != 0) platform_count = 0;
  if (platform_count > 16) platform_count = 16;
  for (cl_uint platform = 0; platform < platform_count; platform++) {
    cl_device_id devices[16];
    cl_uint device_count = 0;
    if (clGetDeviceIDs(platforms[platform], CL_DEVICE_TYPE_ALL, 16, devices, &device_count) != 0) continue;
    if (device_count > 16) device_count = 16;
    for (cl_uint index = 0; index < device_count; index++) {
      char name[256] = "";
      cl_device_type type = 0;
      clGetDeviceInfo(devices[index], CL_DEVICE_NAME, sizeof name, name, NULL);
      clGetDeviceInfo(devices[index], CL_DEVICE_TYPE, sizeof type, &type, NULL);
      name[sizeof name - 1] = '\\0';
      if (part != NULL ? strstr(name, part) != NULL : (type & CL_DEVICE_TYPE_GPU) != 0) return devices[index];
      if (part == NULL && any == NULL) any = devices[index];
    }
  }
  return any;
}

/** Compiles the kernels; keeps the beginning of what the compiler says where it cannot. */
static cl_int build(${prefix}_context *context) {
  cl_int code = 0;
  const char *text = (const char *)${prefix}_kernels;
  const size_t length = sizeof ${prefix}_kernels;
  context->program = clCreateProgramWithSource(context->context, 1, &text, &length, &code);
  if (code != 0) return code;
${
  isStrict
    ? `  cl_device_fp_config floats = 0;
  clGetDeviceInfo(context->device, CL_DEVICE_SINGLE_FP_CONFIG, sizeof floats, &floats, NULL);
  const char *const options = (floats & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0
                                  ? "-cl-std=CL1.2 -cl-fp32-correctly-rounded-divide-sqrt"
                                  : "-cl-std=CL1.2";`
    : '  const char *const options = "-cl-std=CL1.2";'
}
  code = clBuildProgram(context->program, 1, &context->device, options, NULL, NULL);
  if (code == 0) return 0;
  static _Thread_local char log[16384];
  size_t log_length = 0;
  if (clGetProgramBuildInfo(context->program, context->device, CL_PROGRAM_BUILD_LOG, sizeof log, log, &log_length) != 0) {
    log[0] = '\\0';
  }
  log[sizeof log - 1] = '\\0';
  for (char *at = log; *at != '\\0'; at++) if (*at == '\\n') *at = ' ';
  snprintf(failure, sizeof failure, "OpenCL: compiling the kernels failed with error %d: %.900s", (int)code, log);
  return code;
}

/** Makes what every context has of its own: a queue, memory that is zero, and kernels with their arguments. */
static cl_int prepare(${prefix}_context *context) {
  cl_int code = 0;
  context->queue = clCreateCommandQueue(context->context, context->device, 0, &code);
  if (code != 0) return code;
  context->memory = clCreateBuffer(context->context, CL_MEM_READ_WRITE, ${String(layout.contextBytes)}, NULL, &code);
  if (code != 0) return code;
  static const cl_uchar none = 0;
  code = clEnqueueFillBuffer(context->queue, context->memory, &none, sizeof none, 0, ${String(layout.contextBytes)}, 0, NULL, NULL);
  for (cl_uint call = 0; call < CALLS && code == 0; call++) {
    context->kernels[call] = clCreateKernel(context->program, calls[call].kernel, &code);
    for (cl_uint index = 0; index < calls[call].arguments && code == 0; index++) {
      const cl_uint argument = calls[call].first_argument + index;
      const enum place object = arguments[argument].object;
      const cl_mem *const memory = object == WEIGHTS ? &context->weights : object == MEMORY ? &context->memory : &context->image;
      code = clSetKernelArg(context->kernels[call], 2 * index, sizeof *memory, memory);
      if (code == 0) code = clSetKernelArg(context->kernels[call], 2 * index + 1, sizeof(cl_int), &arguments[argument].byte);
    }
    if (code != 0) fail(calls[call].kernel, code);
  }
  return code${isRecurrent ? ` != 0 ? code : ${prefix}_reset(context)` : ''};
}

/** The context in memory of the caller, without anything yet; NULL where the memory cannot be used. */
static ${prefix}_context *empty_context(void *memory) {
  begin();
  if (memory == NULL || (uintptr_t)memory % 16 != 0) {
    snprintf(failure, sizeof failure, "the memory of a context is NULL or not aligned to 16");
    return NULL;
  }
  memset(memory, 0, ${upper}_CONTEXT_BYTES);
  return memory;
}

/** The context, or NULL where making it failed; then nothing of it is left. */
static ${prefix}_context *finished(${prefix}_context *context, cl_int code) {
  if (code == 0) return context;
  failed_with("making a context", code);
  ${prefix}_release(context);
  return NULL;
}

${prefix}_context *${prefix}_init_on(void *memory, const void *weights, const char *device) {
  ${prefix}_context *const context = empty_context(memory);
  if (context == NULL) return NULL;
  if (weights == NULL) {
    snprintf(failure, sizeof failure, "there are no weights");
    return NULL;
  }
  context->device = find_device(device);
  if (context->device == NULL) {
    snprintf(failure, sizeof failure, "no OpenCL device%s%s", device == NULL ? "" : " named ", device == NULL ? "" : device);
    return NULL;
  }
${
  program.element === 'f16'
    ? `  // Longer lists are not read: then the compiler of the driver says it.
  char extensions[8192] = "cl_khr_fp16";
  clGetDeviceInfo(context->device, CL_DEVICE_EXTENSIONS, sizeof extensions, extensions, NULL);
  extensions[sizeof extensions - 1] = '\\0';
  if (strstr(extensions, "cl_khr_fp16") == NULL) {
    snprintf(failure, sizeof failure, "the device does not compute with 16-bit floats (cl_khr_fp16), as the kernels do");
    return NULL;
  }
`
    : ''
}  cl_int code = 0;
  context->context = clCreateContext(NULL, 1, &context->device, NULL, NULL, &code);
  if (code == 0) code = build(context);
  // OpenCL takes a pointer to what it only copies as one to what it may write.
  union { const void *given; void *taken; } host = {weights};
  if (code == 0) {
    context->weights = clCreateBuffer(context->context, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR, ${upper}_WEIGHT_BYTES, host.taken, &code);
  }
${
  usesImage
    ? `  if (code == 0) {
    cl_bool has_images = CL_FALSE;
    size_t most_pixels = 0;
    clGetDeviceInfo(context->device, CL_DEVICE_IMAGE_SUPPORT, sizeof has_images, &has_images, NULL);
    clGetDeviceInfo(context->device, CL_DEVICE_IMAGE_MAX_BUFFER_SIZE, sizeof most_pixels, &most_pixels, NULL);
    if (!has_images || most_pixels < ${String(weightBytes / 16)}) {
      snprintf(failure, sizeof failure, "the device has no images of ${String(weightBytes / 16)} pixels over buffers, which the kernels read weights from");
      ${prefix}_release(context);
      return NULL;
    }
    const cl_image_format format = {CL_RGBA, CL_SIGNED_INT32};
    cl_image_desc description = {0};
    description.image_type = CL_MEM_OBJECT_IMAGE1D_BUFFER;
    description.image_width = ${String(weightBytes / 16)};
    description.buffer = context->weights;
    context->image = clCreateImage(context->context, CL_MEM_READ_ONLY, &format, &description, NULL, &code);
  }
`
    : ''
}  return finished(context, code != 0 ? code : prepare(context));
}

${prefix}_context *${prefix}_init(void *memory, const void *weights) {
  return ${prefix}_init_on(memory, weights, NULL);
}

${prefix}_context *${prefix}_init_beside(void *memory, const ${prefix}_context *other) {
  ${prefix}_context *const context = empty_context(memory);
  if (context == NULL) return NULL;
  context->device = other->device;
  context->context = other->context;
  context->program = other->program;
  context->weights = other->weights;
  context->image = other->image;
  clRetainContext(context->context);
  clRetainProgram(context->program);
  clRetainMemObject(context->weights);
  if (context->image != NULL) clRetainMemObject(context->image);
  return finished(context, prepare(context));
}

void ${prefix}_release(${prefix}_context *context) {
  if (context->queue != NULL) clFinish(context->queue);
  for (cl_uint call = 0; call < CALLS; call++) {
    if (context->kernels[call] != NULL) clReleaseKernel(context->kernels[call]);
  }
  if (context->memory != NULL) clReleaseMemObject(context->memory);
  if (context->image != NULL) clReleaseMemObject(context->image);
  if (context->weights != NULL) clReleaseMemObject(context->weights);
  if (context->program != NULL) clReleaseProgram(context->program);
  if (context->queue != NULL) clReleaseCommandQueue(context->queue);
  if (context->context != NULL) clReleaseContext(context->context);
  memset(context, 0, ${upper}_CONTEXT_BYTES);
}

${renderRuns(program, facts)}
`;
}
