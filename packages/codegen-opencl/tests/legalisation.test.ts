import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import {
  add,
  binary,
  compare,
  depthwise2d,
  gridKernel,
  gruGates,
  integer,
  integerVector,
  kernelFamilies,
  KernelBuilder,
  load,
  loadSplat,
  lowerGraph,
  maximum,
  multiplyAdd,
  select,
  shuffle,
  spmv,
  type Depthwise2dProblem,
  type Expression,
  type GridChoice,
  type GruGatesProblem,
  type Kernel,
  type SpmvProblem,
} from '@grim/kernels';
import { requireToolchain } from '@grim/toolchains';

import {
  functionName,
  gridTarget,
  openclProfiles,
  programLayout,
  renderKernel,
  renderSource,
  strict,
  type OpenclCapabilities,
} from '../src/index.ts';
import { models } from './support/models.ts';
import { noise } from './support/noise.ts';
import { sampledGrids } from './support/sampled-grids.ts';

const profile: OpenclCapabilities = openclProfiles.generic;
const zero = integer(0);

/** A kernel that stores a value. */
function storing(value: Expression, memory?: 'f16'): Kernel {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('output', 'write');
  builder.store('output', zero, 0, value, memory);
  return {
    ...builder.build('sample', 'a sample'),
    grid: { dimensions: [], staged: [], images: [], scratch: [] },
  };
}

const textOf = (value: Expression, capabilities = profile): string =>
  renderKernel(storing(value), capabilities);

const gates: GruGatesProblem = {
  hidden: 40,
  gateStep: 160,
  part: 'linear',
  activations: [{ function: 'sigmoid' }, { function: 'tanh' }],
};
const dense: SpmvProblem = {
  rows: 70,
  positions: 1,
  inputStep: 0,
  outputStep: 0,
  columns: { kind: 'runs', runs: 1, runLength: 24, runStep: 96 },
  outputSlack: 2,
  addend: 'zero',
};
const image: Depthwise2dProblem = {
  channels: 4,
  height: 6,
  width: 32,
  inputChannelStep: 1088,
  inputRowStep: 136,
  inputPixelStep: 4,
  outputChannelStep: 768,
  outputRowStep: 128,
  kernelHeight: 3,
  kernelWidth: 3,
  tapRowStep: 136,
  tapPixelStep: 4,
  bias: false,
};

describe('expressions', () => {
  const x = load('f32x4', 'input', zero);
  it.each<[string, Expression, string]>([
    ['multiply-adds are one function', multiplyAdd(x, x, x), 'fma(vload4('],
    ['masks choose lanes', select(compare('lt', x, x), x, x), 'select('],
    ['orders of lanes of one vector are a swizzle', shuffle(x, x, [3, 2, 1, 0]), '.s3210'],
    ['those of two are a shuffle', shuffle(x, loadSplat('input', zero), [0, 4, 1, 5]), 'shuffle2('],
    ['the larger keeps NaN', maximum(x, x), 'grim_max_f32x4('],
    [
      'the smallest integer has a name',
      binary('and', load('i32x4', 'input', zero), integerVector(-(2 ** 31))),
      '(int4)(INT_MIN)',
    ],
  ])('%s', (_, value, text) => {
    expect(textOf(value)).toContain(text);
  });

  it('strict multiply-adds are two operations, which the compiler may not join', () => {
    expect(textOf(multiplyAdd(x, x, x), strict(profile))).not.toContain('fma');
    expect(renderSource([storing(x)], strict(profile))).toContain('#pragma OPENCL FP_CONTRACT OFF');
  });
});

describe('grids', () => {
  const grid = (choice: GridChoice): Kernel =>
    gridKernel(gruGates, gates, {}, { choice, limits: profile }).kernel;

  it('divide the turns of a loop, and guard what makes groups whole', () => {
    const text = renderKernel(grid({ group: { unit: 4 } }), profile);
    expect(text).toContain('reqd_work_group_size(4, 1, 1)');
    expect(text).toContain('if (item0 < 10) {');
  });

  it('copy what a group shares, and wait for it', () => {
    const { kernel } = gridKernel(spmv, dense, spmv.defaultSchedule(dense, { vectorRegisters: 16 }), {
      choice: { placement: { input: 'local' } },
      limits: profile,
      bytesOf: () => 96,
    });
    const text = renderKernel(kernel, profile);
    expect(text).toContain('local uchar input_copy[112]');
    expect(text).toContain('barrier(CLK_LOCAL_MEM_FENCE);');
    expect(text).toContain('*(local const float *)(input');
  });

  it('copy the border that neighbours of an image share', () => {
    const { kernel } = gridKernel(
      depthwise2d,
      image,
      { tileRows: 1, pixelVectors: 1 },
      {
        choice: { placement: { input: 'local' }, group: { pixel: 8 } },
        limits: profile,
        bytesOf: () => 4352,
      },
    );
    // Three rows of the input, as far as the last of eight work-items reads.
    expect(kernel.grid?.staged[0]?.bytes).toBe(2 * 136 + 2 * 4 + 3 * 4 + 4 + 7 * 16);
  });

  it.each(['spmv', 'spmm'])('keep the work-items of a group of %s on one list of columns', (name) => {
    const family = kernelFamilies.find((row) => row.name === name) ?? expect.fail();
    let shared = 0;
    for (const { grid, buffers } of family.cases(noise(3))) {
      const { kernel, starts } = grid({ limits: profile, bytesOf: (buffer) => buffers[buffer]?.byteLength });
      // Lists that begin where a table says differ in length.
      if (!starts) continue;
      const dimensions = kernel.grid?.dimensions ?? [];
      expect(dimensions.find((dimension) => dimension.name === 'row')?.groupItems).toBe(1);
      if (dimensions.some(({ groupItems }) => groupItems > 1)) shared++;
    }
    expect(shared).toBeGreaterThan(0);
  });

  const refusals: [string, GridChoice, RegExp][] = [
    [
      'loops that are not there',
      { group: { row: 2 } },
      /^gruGates: there is no loop row to be shared; there are unit/,
    ],
    [
      'turns that are no multiple',
      { turns: { unit: 6 } },
      /^gruGates: 6 turns of unit per work-item, not a multiple of 4/,
    ],
    [
      'groups that are too large',
      { group: { unit: 10 } },
      /^gruGates: 10 work-items in a group, more than 8/,
    ],
    [
      'buffers that are not there',
      { placement: { weights: 'image' } },
      /^gruGates: there is no buffer weights/,
    ],
    ['images that are written', { placement: { output: 'image' } }, /^gruGates: output is not only read/],
    [
      'images that are too large',
      { placement: { input: 'image' } },
      /^gruGates: input has 480 bytes, an image at most 256/,
    ],
    [
      'copies of what is not known',
      { placement: { input: 'local' } },
      /^gruGates: how much of input a work-group reads is not known/,
    ],
  ];
  it.each(refusals)('refuse %s', (_, choice, message) => {
    const limits = { groupItems: 8, localBytes: 64, imageBytes: 256 };
    expect(() => gridKernel(gruGates, gates, {}, { choice, limits, bytesOf: () => 480 })).toThrow(message);
  });

  it('refuse more local memory than there is', () => {
    const schedule = spmv.defaultSchedule(dense, { vectorRegisters: 16 });
    const limits = { ...profile, localBytes: 64 };
    const choice: GridChoice = { placement: { input: 'local' } };
    expect(() => gridKernel(spmv, dense, schedule, { choice, limits, bytesOf: () => 96 })).toThrow(
      /^spmv: 112 bytes of local memory, more than the 64 of a work-group/,
    );
  });
});

describe('programs', () => {
  const graph = models['a GRU, pruned']?.() ?? expect.fail();

  it('name the layer of a choice that is refused', () => {
    const choose = (): GridChoice => ({ group: { nothing: 1 } });
    expect(() => lowerGraph(graph, { grid: { limits: profile, choose } })).toThrow(
      /gru.*there is no loop nothing/,
    );
  });

  it('have images of weights only', () => {
    const choose = (): GridChoice => ({ placement: { input: 'image' } });
    const program = lowerGraph(models['a small CNN, dense']?.() ?? graph, {
      grid: { limits: profile, choose: ({ family }) => (family === 'spmm' ? choose() : {}) },
    });
    expect(() => programLayout(program, profile)).toThrow(
      /input is computed, and only weights can be an image/,
    );
  });

  it('have weights where the profile of the device reads them best', () => {
    const imagesOf = (capabilities: OpenclCapabilities): string[] =>
      lowerGraph(graph, { grid: gridTarget(capabilities) }).calls.flatMap(
        ({ kernel }) => kernel.grid?.images ?? [],
      );
    expect(imagesOf(openclProfiles.generic)).toEqual([]);
    expect(imagesOf(openclProfiles.mali)).toEqual([]);
    expect(new Set(imagesOf(openclProfiles.adreno))).toEqual(new Set(['weights']));
    // What fits no image stays in a buffer.
    expect(imagesOf({ ...openclProfiles.adreno, imageBytes: 16 })).toEqual([]);
  });

  it('are refused where all weights together are too large for an image', () => {
    const program = lowerGraph(graph, { grid: gridTarget(openclProfiles.adreno) });
    const limits = { imageBytes: 1024 };
    expect(() => programLayout(program, limits)).toThrow(
      /^gru: reads weights from an image, and all of them have \d+ bytes, an image at most 1024$/,
    );
  });

  it('are not those of threads, nor of one caller', () => {
    expect(() => lowerGraph(graph, { grid: { limits: profile }, threads: 2 })).toThrow(
      '2 threads cannot share',
    );
    expect(() => programLayout(lowerGraph(graph), profile)).toThrow('was not lowered for work-items');
  });
});

describe('names', () => {
  it('are short enough for drivers that make files of them, and stay different', () => {
    const long = ['a', 'b'].map((end) => functionName({ name: `${'x'.repeat(300)}${end}` }));
    expect(long.every((name) => name.length <= 120)).toBe(true);
    expect(new Set(long).size).toBe(2);
    expect(functionName({ name: 'short.name' })).toBe('short_name');
  });
});

const clang = requireToolchain('clang');

describe.skipIf(clang === undefined)('halves', () => {
  const h = load('f16x8', 'input', zero);
  const scalar = load('f16', 'input', zero);
  const wide = load('f32x4', 'input', zero, 0, 'f16');

  /** Compiles for a device with halves. */
  const compile = (source: string): void => {
    const flags = ['-x', 'cl', '-cl-std=CL1.2', '-target', 'spir64', '-Xclang', '-finclude-default-header'];
    const extension = ['-Xclang', '-cl-ext=+cl_khr_fp16', '-Wall', '-Werror', '-emit-llvm', '-c', '-'];
    execFileSync(clang ?? '', [...flags, ...extension, '-o', '/dev/null'], { input: source });
  };

  it.each<[string, Kernel]>([
    ['vectors', storing(multiplyAdd(h, h, maximum(h, h)))],
    ['masks', storing(select(compare('lt', h, h), h, h))],
    ['scalars', storing(add(scalar, maximum(scalar, scalar)))],
    ['splatted loads', storing(loadSplat('input', zero, 0, 'f16x8'))],
    ['orders of lanes', storing(shuffle(h, h, [7, 6, 5, 4, 3, 2, 1, 0]))],
  ])('%s need the extension, say so, and compile with it', (_, kernel) => {
    for (const capabilities of [openclProfiles.adreno, strict(openclProfiles.adreno)]) {
      const source = renderSource([kernel], capabilities);
      expect(source).toContain('#pragma OPENCL EXTENSION cl_khr_fp16 : enable');
      compile(source);
    }
  });

  const families = kernelFamilies.filter(({ elements }) => elements.includes('f16'));
  it.each(families)('$name of halves compiles for work-items, whatever is placed where', (family) => {
    const profile = openclProfiles.adreno;
    const kernels = sampledGrids(family, profile, 12, 3, 'f16').map(({ grid }) => grid.kernel);
    expect(kernels.length).toBeGreaterThan(0);
    for (const capabilities of [profile, strict(profile)]) compile(renderSource(kernels, capabilities));
  });

  it('are copied one by one, as a copy may begin between two words', () => {
    const halves: SpmvProblem = { ...dense, element: 'f16' };
    const schedule = spmv.defaultSchedule(halves, { vectorRegisters: 16 });
    const choice: GridChoice = { placement: { input: 'local' } };
    const { kernel } = gridKernel(spmv, halves, schedule, { choice, limits: profile, bytesOf: () => 96 });
    expect(renderKernel(kernel, openclProfiles.adreno)).toContain('((local ushort *)input_copy)[element]');
  });

  it('are refused as an image', () => {
    const kernel = storing(h);
    const grid = { dimensions: [], staged: [], images: ['input'], scratch: [] };
    expect(() => renderKernel({ ...kernel, grid }, openclProfiles.adreno)).toThrow(
      'input holds 16-bit floats: it cannot be an image',
    );
    const model = models['a GRU, pruned']?.() ?? expect.fail();
    const program = lowerGraph(model, { grid: gridTarget(openclProfiles.adreno), element: 'f16' });
    expect(program.calls.flatMap(({ kernel: { grid: own } }) => own?.images ?? [])).toEqual([]);
  });

  it.each(Object.entries(models).filter(([name]) => name !== 'voice activity detection'))(
    'compile in the kernels of %s',
    (_, graphOf) => {
      const capabilities = openclProfiles.mali;
      const { calls } = lowerGraph(graphOf(), { grid: gridTarget(capabilities), element: 'f16' });
      compile(
        renderSource(
          calls.map(({ kernel }) => kernel),
          capabilities,
        ),
      );
    },
  );

  it('are refused where the device has none', () => {
    expect(() => renderSource([storing(add(scalar, scalar))], profile)).toThrow(
      'kernel sample computes with 16-bit floats, which any device with OpenCL 1.2 does not',
    );
  });

  it('in memory only need nothing', () => {
    const source = renderSource([storing(wide, 'f16')], profile);
    expect(source).toContain('vload_half4(0, ');
    expect(source).toContain('vstore_half4_rte(');
    expect(source).not.toContain('cl_khr_fp16');
    compile(source);
  });
});
