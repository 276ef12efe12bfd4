import { describe, expect, it } from 'vitest';

import { GrimError } from '@grim/ir';
import {
  add,
  binary,
  integer,
  integerVector,
  KernelBuilder,
  load,
  loadSplat,
  multiplyAdd,
  shuffle,
  type Expression,
  type Kernel,
  type ShuffledLanes,
} from '@grim/kernels';

import {
  identifier,
  neonProfiles,
  renderKernel,
  renderSource,
  strict,
  type NeonCapabilities,
} from '../src/index.ts';

const profile: NeonCapabilities = neonProfiles['cortex-a76'];
const zero = integer(0);

/** The body of a kernel that a callback fills. */
function bodyOf(fill: (builder: KernelBuilder) => void, capabilities = profile): string {
  const builder = new KernelBuilder();
  builder.buffer('input', 'read');
  builder.buffer('output', 'write');
  fill(builder);
  return renderKernel(builder.build('sample', 'a sample'), capabilities);
}

const storing = (value: Expression): ((builder: KernelBuilder) => void) => {
  return (builder) => {
    builder.store('output', zero, 0, value);
  };
};

describe('splatted loads', () => {
  /** Multiplies a vector with weights that lie `offsets` bytes into the input, and adds. */
  const accumulate = (builder: KernelBuilder, offsets: readonly number[], between?: () => void): void => {
    const x = builder.declare('x', load('f32x4', 'input', zero, 1024));
    const sum = builder.variable('sum', x);
    for (const offset of offsets) {
      const w = builder.declare('w', loadSplat('input', zero, offset));
      builder.assign(sum, multiplyAdd(x, w, sum));
      between?.();
    }
    builder.store('output', zero, 0, sum);
  };

  it('of four neighbours are one load, in whatever order they come', () => {
    const text = bodyOf((builder) => {
      accumulate(builder, [12, 4, 8, 0]);
    });
    expect(text.match(/grim_load_f32x4\(/g)).toHaveLength(2);
    expect(text).toContain('const float32x4_t w_3 = grim_load_f32x4(input);');
    expect(text.match(/w_3, \d\)/g)).toEqual(['w_3, 3)', 'w_3, 1)', 'w_3, 2)', 'w_3, 0)']);
  });

  it('of two neighbours are a half vector, and one alone is a scalar', () => {
    const text = bodyOf((builder) => {
      accumulate(builder, [0, 4, 12]);
    });
    expect(text).toContain('const float32x2_t w = grim_load_f32x2(input);');
    expect(text).toContain('sum = vfmaq_lane_f32(sum, x, w, 1);');
    expect(text).toContain('const float w_2 = grim_load_f32(input + 12);');
    expect(text).toContain('sum = vfmaq_n_f32(sum, x, w_2);');
  });

  it('are not moved over a store to their buffer', () => {
    const text = bodyOf((builder) => {
      accumulate(builder, [0, 4], () => {
        builder.store('input', zero, 4, integer(0));
      });
    });
    expect(text).not.toContain('grim_load_f32x2');
  });

  it('are not moved over a store to any buffer where buffers share bytes', () => {
    const text = (inPlace: boolean): string => {
      const builder = new KernelBuilder();
      builder.buffer('input', 'read');
      builder.buffer('output', 'write');
      accumulate(builder, [0, 4], () => {
        builder.store('output', zero, 64, integer(0));
      });
      return renderKernel(builder.build('sample', 'a sample'), profile, { inPlace });
    };
    expect(text(false)).toContain('grim_load_f32x2');
    expect(text(true)).not.toContain('grim_load_f32x2');
  });

  it('are not moved over a change of their address', () => {
    const text = bodyOf((builder) => {
      const at = builder.variable('at', load('i32', 'input', zero));
      const x = builder.declare('x', load('f32x4', 'input', zero, 64));
      const sum = builder.variable('sum', x);
      for (const offset of [0, 4]) {
        const w = builder.declare('w', loadSplat('input', at, offset));
        builder.assign(sum, multiplyAdd(x, w, sum));
        builder.assign(at, add(at, integer(8)));
      }
      builder.store('output', zero, 0, sum);
    });
    expect(text).not.toContain('grim_load_f32x2');
  });

  it('stay vectors where anything else reads them', () => {
    const text = bodyOf((builder) => {
      const w = builder.declare('w', loadSplat('input', zero));
      builder.store('output', zero, 0, multiplyAdd(w, w, w));
    });
    expect(text).toContain('const float32x4_t w = grim_load_splat_f32x4(input);');
    expect(text).toContain('vfmaq_f32(w, w, w)');
  });

  it('are put into all lanes where both factors are such loads', () => {
    const text = bodyOf((builder) => {
      const a = builder.declare('a', loadSplat('input', zero));
      const b = builder.declare('b', loadSplat('input', zero, 4));
      builder.store('output', zero, 0, multiplyAdd(a, b, load('f32x4', 'input', zero, 16)));
    });
    expect(text).toContain('vfmaq_lane_f32(grim_load_f32x4(input + 16), vdupq_lane_f32(a, 0), a, 1)');
  });
});

describe('loads of neighbouring vectors', () => {
  /** Loads at these bytes of the input, each followed by what uses it. */
  const lines = (offsets: readonly number[], between?: (builder: KernelBuilder) => void): string[] =>
    bodyOf((builder) => {
      offsets.forEach((offset, index) => {
        if (index > 0) between?.(builder);
        const x = builder.declare('x', load('f32x4', 'input', zero, offset));
        builder.store('output', zero, offset, add(x, x));
      });
    })
      .split('\n')
      .filter((line) => /grim_(load|store)/.test(line))
      .map((line) => (line.includes('grim_store') ? 'store' : `load ${/\d+(?=\);)/.exec(line)?.[0] ?? '0'}`));

  it('stand together, two and two', () => {
    expect(lines([0, 16, 32, 48, 64])).toEqual([
      ...['load 0', 'load 16', 'store', 'store'],
      ...['load 32', 'load 48', 'store', 'store'],
      ...['load 64', 'store'],
    ]);
  });

  it('stay where they are if they do not lie side by side, or would pass what changes them', () => {
    const apart = ['load 0', 'store', 'load 32', 'store'];
    expect(lines([0, 32])).toEqual(apart);
    const order = lines([0, 16], (builder) => {
      builder.store('input', zero, 16, integer(1));
    });
    expect(order).toEqual(['load 0', 'store', 'store', 'load 16', 'store']);
  });

  it('pass no store at all in kernels whose buffers share bytes', () => {
    const builder = new KernelBuilder();
    builder.buffer('input', 'read');
    builder.buffer('output', 'write');
    for (const offset of [0, 16]) {
      builder.store('output', zero, offset, builder.declare('x', load('f32x4', 'input', zero, offset)));
    }
    const text = renderKernel(builder.build('sample', 'a sample'), profile, { inPlace: true });
    expect(text.indexOf('grim_store')).toBeLessThan(text.indexOf('input + 16'));
  });
});

describe('multiply-adds of halves', () => {
  it('take lanes through functions, which gcc cannot turn into copies of the lanes', () => {
    const builder = new KernelBuilder();
    builder.buffer('input', 'read');
    builder.buffer('output', 'write');
    const x = builder.declare('x', load('f16x8', 'input', zero, 1024));
    const sum = builder.variable('sum', x);
    for (let offset = 0; offset < 24; offset += 2) {
      const w = builder.declare('w', loadSplat('input', zero, offset, 'f16x8'));
      builder.assign(sum, multiplyAdd(x, w, sum));
    }
    builder.store('output', zero, 0, sum);
    const kernel = builder.build('sample', 'a sample');
    const text = renderSource([kernel], profile);
    expect(text.match(/sum = grim_fma_laneq\d_f16\(sum, x, w\)/g)).toEqual(
      Array.from({ length: 8 }, (_, lane) => `sum = grim_fma_laneq${String(lane)}_f16(sum, x, w)`),
    );
    expect(text.match(/sum = grim_fma_lane\d_f16\(sum, x, w_8\)/g)).toHaveLength(4);
    expect(text).toContain('"fmla %0.8h, %1.8h, %2.h[7]"');
    expect(renderKernel(kernel, strict(profile))).not.toContain('fma');
  });
});

describe('short loops', () => {
  const copied = (turns: number): string =>
    bodyOf((builder) => {
      builder.loop('at', { to: turns * 16, step: 16 }, (at) => {
        const x = builder.declare('x', load('f32x4', 'input', add(at, integer(8))));
        builder.store('output', at, 4, x);
      });
    });

  it('of known turns are taken four at a time, with what is left behind them', () => {
    const text = copied(9);
    expect(text).toContain('for (int32_t at = 0; at < 128; at += 64) {');
    expect(text.match(/grim_load_f32x4\(input \+ at \+ \d+\)/g)).toEqual(
      [8, 24, 40, 56].map((offset) => `grim_load_f32x4(input + at + ${String(offset)})`),
    );
    expect(text.match(/grim_store_f32x4\(output \+ at \+ \d+/g)).toEqual(
      [4, 20, 36, 52].map((offset) => `grim_store_f32x4(output + at + ${String(offset)}`),
    );
    expect(text).toContain('grim_load_f32x4(input + 136)');
    expect(text).toContain('grim_store_f32x4(output + 132, ');
  });

  it('of hardly more turns are no loops, of fewer ones stay as they are', () => {
    expect(copied(7)).not.toContain('for (');
    expect(copied(7).match(/grim_load_f32x4/g)).toHaveLength(7);
    expect(copied(3)).toContain('at += 16');
  });

  it('keep sums in order, and names apart', () => {
    const text = bodyOf((builder) => {
      const sum = builder.variable('sum', load('f32x4', 'input', zero));
      builder.loop('at', { to: 128, step: 16 }, (at) => {
        const x = builder.declare('x', load('f32x4', 'input', at));
        builder.assign(sum, add(sum, x));
      });
      builder.store('output', zero, 0, sum);
    });
    const names = [...text.matchAll(/const float32x4_t (\w+) = /g)].map(([, name = '']) => name);
    expect(new Set(names).size).toBe(4);
    expect([...text.matchAll(/sum = vaddq_f32\(sum, (\w+)\)/g)].map(([, name = '']) => name)).toEqual(names);
  });
});

describe('variables', () => {
  it('are pointers if they address one buffer and do nothing else', () => {
    const text = bodyOf((builder) => {
      builder.loop('at', { to: 48, step: 16 }, (at) => {
        const next = builder.declare('next', add(at, load('i32', 'input', at)));
        builder.store('output', integer(0), 0, load('f32x4', 'input', next, 4));
      });
    });
    expect(text).toContain('for (const unsigned char *at = input; at < input + 48; at += 16) {');
    expect(text).toContain('const unsigned char *const next = at + grim_load_i32(at);');
    expect(text).toContain('grim_load_f32x4(next + 4)');
  });

  it('are numbers if they address two', () => {
    const text = bodyOf((builder) => {
      builder.loop('at', { to: 48, step: 16 }, (at) => {
        builder.store('output', at, 0, load('f32x4', 'input', at));
      });
    });
    expect(text).toContain('for (int32_t at = 0; at < 48; at += 16) {');
    expect(text).toContain('grim_store_f32x4(output + at, grim_load_f32x4(input + at));');
  });
});

describe('multiply-adds', () => {
  const x = load('f32x4', 'input', zero);
  const scalar = load('f32', 'input', zero);

  it('are one instruction, or two in strict code', () => {
    expect(bodyOf(storing(multiplyAdd(x, x, x)))).toContain('vfmaq_f32(');
    expect(bodyOf(storing(multiplyAdd(scalar, scalar, scalar)))).toContain('fmaf(');
    const vectors = bodyOf(storing(multiplyAdd(x, x, x)), strict(profile));
    expect(vectors).toContain('vaddq_f32(vmulq_f32(');
    const scalars = bodyOf(storing(multiplyAdd(scalar, scalar, scalar)), strict(profile));
    expect(scalars).not.toMatch(/fma/);
  });
});

describe('halves', () => {
  const x = load('f16x8', 'input', zero);
  /** A sum of products of a vector with weights that lie `offsets` bytes into the input. */
  const accumulate = (builder: KernelBuilder, offsets: readonly number[]): void => {
    const sum = builder.variable('sum', x);
    for (const offset of offsets) {
      const w = builder.declare('w', loadSplat('input', zero, offset, 'f16x8'));
      builder.assign(sum, multiplyAdd(x, w, sum));
    }
    builder.store('output', zero, 0, sum);
  };

  it('are lanes of vectors of eight, four and two', () => {
    const eight = bodyOf((builder) => {
      accumulate(builder, [0, 2, 4, 6, 8, 10, 12, 14]);
    });
    expect(eight).toContain('const float16x8_t w = grim_load_f16x8(input);');
    expect(eight).toContain('sum = grim_fma_laneq7_f16(sum, grim_load_f16x8(input), w);');
    const six = bodyOf((builder) => {
      accumulate(builder, [0, 2, 4, 6, 8, 10]);
    });
    expect(six).toContain('const float16x4_t w = grim_load_f16x4(input);');
    expect(six).toContain('const float16x4_t w_4 = grim_load_f16x2(input + 8);');
    expect(six).toContain('grim_fma_lane1_f16(sum, grim_load_f16x8(input), w_4)');
    const one = bodyOf((builder) => {
      accumulate(builder, [0]);
    });
    expect(one).toContain('const float16_t w = grim_load_f16(input);');
    expect(one).toContain('vfmaq_n_f16(sum, grim_load_f16x8(input), w)');
  });

  it('are rounded twice in strict code', () => {
    const text = bodyOf(storing(multiplyAdd(x, x, x)), strict(profile));
    expect(text).toContain('vaddq_f16(vmulq_f16(');
    const scalar = load('f16', 'input', zero);
    expect(bodyOf(storing(multiplyAdd(scalar, scalar, scalar)), strict(profile))).toContain(
      'vaddh_f16(vmulh_f16(',
    );
    expect(bodyOf(storing(multiplyAdd(scalar, scalar, scalar)))).toContain('vfmah_f16(');
  });

  it('have orders of lanes of their own', () => {
    const reversed = shuffle(x, x, [7, 6, 5, 4, 3, 2, 1, 0]);
    expect(bodyOf(storing(reversed))).toContain('vrev64q_f16(vextq_f16(');
    const other = load('f16x8', 'input', zero, 16);
    expect(bodyOf(storing(shuffle(x, other, [0, 8, 1, 9, 2, 10, 3, 11])))).toContain('vzip1q_f16(');
    expect(bodyOf(storing(shuffle(x, other, [0, 9, 1, 9, 2, 10, 3, 11])))).toContain('vsetq_lane_f16(');
  });

  it('need a processor that computes with them, but not to be loaded and stored', () => {
    const plain: NeonCapabilities = { ...profile, processor: 'cortex-a53', halfPrecision: false };
    const adding = (): string => bodyOf(storing(add(x, x)), plain);
    expect(adding).toThrow(GrimError);
    expect(adding).toThrow('kernel sample computes with 16-bit floats, which cortex-a53 does not');
    const widened = load('f32x4', 'input', zero, 0, 'f16');
    expect(bodyOf(storing(widened), plain)).toContain('grim_load_f32x4_from_f16(input)');
  });

  it('make the text ask the compiler for their arithmetic', () => {
    const builder = new KernelBuilder();
    builder.buffer('output', 'write');
    builder.store('output', zero, 0, load('f16x8', 'output', zero));
    const source = renderSource([builder.build('halves', 'a sample')], profile);
    expect(source).toContain('#if !defined(__ARM_FEATURE_FP16_VECTOR_ARITHMETIC)');
    expect(renderSource([], profile)).not.toContain('FP16');
  });
});

describe('shifts of vectors', () => {
  const bits = load('i32x4', 'input', zero);

  it('take a constant, or a vector where the constant has no instruction', () => {
    const shifted = (count: number): string => bodyOf(storing(binary('shiftRight', bits, integer(count))));
    expect(shifted(3)).toContain('vshrq_n_s32(grim_load_i32x4(input), 3)');
    expect(shifted(0)).toContain('vshlq_s32(grim_load_i32x4(input), vnegq_s32(vdupq_n_s32(0)))');
  });

  it('write the smallest integer as C can read it', () => {
    expect(bodyOf(storing(binary('and', bits, integerVector(-(2 ** 31)))))).toContain(
      'vdupq_n_s32(INT32_MIN)',
    );
  });
});

describe('orders of lanes', () => {
  const left = load('f32x4', 'input', zero);
  const right = load('f32x4', 'input', zero, 16);
  const orders: [ShuffledLanes, string][] = [
    [[0, 2, 4, 6], 'vuzp1q_f32('],
    [[2, 6, 3, 7], 'vzip2q_f32('],
    [[1, 2, 3, 4], 'vextq_f32('],
    [[6, 6, 6, 6], 'vdupq_laneq_f32(grim_load_f32x4(input + 16), 2)'],
    [[0, 5, 1, 7], 'vcopyq_laneq_f32('],
  ];
  it.each(orders)('%j is %s', (lanes, instruction) => {
    expect(bodyOf(storing(shuffle(left, right, lanes)))).toContain(instruction);
  });
});

describe('names', () => {
  it('are legal in C', () => {
    expect(identifier('spmm_in48.4')).toBe('spmm_in48_4');
    expect(identifier('register')).toBe('register_');
  });

  it('of two kernels that differ must differ', () => {
    const kernel = (name: string, value: number): Kernel => {
      const builder = new KernelBuilder();
      builder.buffer('output', 'write');
      builder.store('output', zero, 0, integer(value));
      return builder.build(name, 'a sample');
    };
    expect(() => renderSource([kernel('a.b', 1), kernel('a_b', 2)], profile)).toThrow(
      'two kernels are named a_b',
    );
    const twice = renderSource([kernel('a', 1), kernel('a', 1)], profile);
    expect(twice.match(/static void a\(/g)).toHaveLength(1);
  });

  it('of buffers that nothing uses cause no warning, values that nothing reads are gone', () => {
    const text = bodyOf((builder) => {
      builder.declare('unread', load('i32', 'input', zero));
      builder.store('output', zero, 0, integer(1));
    });
    expect(text).toContain('(void)input;');
    expect(text).not.toContain('unread');
  });
});
