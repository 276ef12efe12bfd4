import { identifier, partsOf, renderStatements, withoutDeadValues } from '@grim/codegen-c';
import { GrimError } from '@grim/ir';
import {
  halfUse,
  stagedBytes,
  type BufferParameter,
  type Grid,
  type Kernel,
  type StagedBuffer,
} from '@grim/kernels';

import type { OpenclCapabilities } from './capabilities.ts';
import { functionName } from './function-name.ts';
import { openclDialect, type BufferSpace } from './opencl-dialect.ts';
import { reservedWords } from './reserved-words.ts';

const noGrid: Grid = { dimensions: [], staged: [], images: [], scratch: [] };

/** How a kernel is called. */
export interface KernelUse {
  /**
   * Whether a buffer that is written may reach into another one, as when a state is replaced in place. Pointers are then not
   * `restrict`.
   */
  readonly inPlace: boolean;
}

const nameOf = (name: string): string => identifier(name, reservedWords);

/** A buffer as two parameters: the memory or image it is in, and its first byte there. */
function renderParameters(
  { name, access }: BufferParameter,
  space: BufferSpace,
  { inPlace }: KernelUse,
): string[] {
  if (space === 'image') return [`read_only image1d_buffer_t ${name}_image`, `int ${nameOf(name)}`];
  const qualifier = access === 'read' ? 'const ' : '';
  const restrict = inPlace ? '' : 'restrict ';
  return [`global ${qualifier}uchar *${restrict}${name}_memory`, `int ${name}_start`];
}

/** Work-items of a group along every dimension. */
export const groupSize = ({ dimensions }: Grid): [x: number, y: number, z: number] => [
  dimensions[0]?.groupItems ?? 1,
  dimensions[1]?.groupItems ?? 1,
  dimensions[2]?.groupItems ?? 1,
];

/** Work-items along every dimension: those of the grid, and as many more as make whole groups. */
export function globalSize(grid: Grid): [x: number, y: number, z: number] {
  const whole = (position: number): number => {
    const { items = 1, groupItems = 1 } = grid.dimensions[position] ?? {};
    return Math.ceil(items / groupItems) * groupItems;
  };
  return [whole(0), whole(1), whole(2)];
}

/** What a work-item copies at a time: a single 16-bit element where a copy may begin between two words. */
const copyUnits = { word: { type: 'uint', bytes: 4 }, element: { type: 'ushort', bytes: 2 } } as const;

/** Lines that copy a buffer into local memory, a unit per work-item at a time. */
function renderCopy(
  { buffer, bytes, available }: StagedBuffer,
  origin: string,
  groupItems: number,
  unit: keyof typeof copyUnits,
): string[] {
  const { type, bytes: unitBytes } = copyUnits[unit];
  const size = stagedBytes(bytes);
  const isWhole = bytes === available;
  const limit = isWhole ? String(bytes) : `min(${String(bytes)}, ${String(available)} - origin)`;
  return [
    `  local uchar ${buffer}_copy[${String(size)}] __attribute__((aligned(16)));`,
    '  {',
    `    const int origin = ${origin};`,
    `    global const ${type} *const from = (global const ${type} *)(${buffer}_memory + ${buffer}_start + origin);`,
    `    const int ${unit}s = (${limit} + ${String(unitBytes - 1)}) / ${String(unitBytes)};`,
    `    for (int ${unit} = member; ${unit} < ${unit}s; ${unit} += ${String(groupItems)}) {`,
    `      ((local ${type} *)${buffer}_copy)[${unit}] = from[${unit}];`,
    '    }',
    '  }',
    `  local const uchar *const ${nameOf(buffer)} = ${buffer}_copy;`,
  ];
}

/** The number of a work-item in its group, the first dimension fastest. */
const member = ([x, y]: readonly number[]): string =>
  `get_local_id(0) + ${String(x)} * (get_local_id(1) + ${String(y)} * get_local_id(2))`;

/** Scratch buffers: a work-item's own memory, or its part of the group's. */
function renderScratch({ scratch }: Grid, groupItems: number): string[] {
  return scratch.flatMap(({ name, bytes, placement }) => {
    const isLocal = placement === 'local';
    const size = isLocal ? bytes * groupItems : bytes;
    const space = isLocal ? 'local ' : '';
    const start = isLocal ? ` + ${String(bytes)} * member` : '';
    return [
      `  ${space}uchar ${name}_bytes[${String(size)}] __attribute__((aligned(16)));`,
      `  ${isLocal ? 'local' : 'private'} uchar *const ${nameOf(name)} = ${name}_bytes${start};`,
    ];
  });
}

/** A text for compilers of drivers, some of which read nothing but ASCII. */
const asciiText = (text: string): string => text.replaceAll('×', 'x').replaceAll(/[^\n -~]/g, '?');

/**
 * A kernel as an OpenCL C 1.2 function. Every buffer is two parameters, its memory (or image) and the byte it begins at there;
 * addresses in the kernel are bytes from that one. Work-items beyond the grid, which make groups whole, compute nothing.
 *
 * The text uses functions that {@link renderSource} defines.
 *
 * @param capabilities - What the text may use, and how multiply-adds are rounded.
 * @param use - How the kernel is called; with buffers that share nothing unless told otherwise.
 * @throws GrimError for a kernel that computes with halves where the device does not.
 */
export function renderKernel(
  kernel: Kernel,
  capabilities: OpenclCapabilities,
  use: KernelUse = { inPlace: false },
): string {
  const halves = halfUse(kernel);
  if (!capabilities.halfPrecision && halves.arithmetic) {
    throw new GrimError(
      `kernel ${kernel.name} computes with 16-bit floats, which ${capabilities.device} does not`,
    );
  }
  const live = withoutDeadValues(kernel);
  const grid = kernel.grid ?? noGrid;
  const groups = groupSize(grid);
  const groupItems = groups.reduce((product, items) => product * items, 1);
  const staged = new Map(grid.staged.map((buffer) => [buffer.buffer, buffer]));
  const placed = (buffer: string): BufferSpace => {
    if (staged.has(buffer)) return 'local';
    if (grid.images.includes(buffer)) return 'image';
    return grid.scratch.find(({ name }) => name === buffer)?.placement ?? 'global';
  };
  const dialect = openclDialect(capabilities, placed);
  const parts = partsOf(dialect);
  const body = renderStatements(live.body, '  ', dialect);
  const unit = halves.memory || halves.arithmetic ? 'element' : 'word';
  const copies = grid.staged.map((buffer) => renderCopy(buffer, parts.bare(buffer.origin), groupItems, unit));
  const scratch = renderScratch(grid, groupItems);
  const used = new Set([...body, ...copies.flat()].flatMap((line) => line.match(/\w+/g) ?? []));
  const padded = grid.dimensions.filter(({ items, groupItems: size }) => items % size > 0);
  const conditions = padded.map(({ index, items }) => `${index} < ${String(items)}`);
  const needsMember = copies.length > 0 || grid.scratch.some(({ placement }) => placement === 'local');
  const parameters = kernel.buffers.flatMap((buffer) => {
    const space = placed(buffer.name);
    return renderParameters(buffer, space === 'image' ? 'image' : 'global', use);
  });
  const lines = [
    `// ${kernel.summary}`,
    ...(functionName(kernel) === identifier(kernel.name) ? [] : [`// ${kernel.name}`]),
    `__attribute__((reqd_work_group_size(${groups.join(', ')})))`,
    `kernel void ${functionName(kernel)}(${parameters.join(', ')}) {`,
    ...kernel.buffers.flatMap(({ name, access }) =>
      placed(name) === 'global' && used.has(nameOf(name))
        ? [
            `  global ${access === 'read' ? 'const ' : ''}uchar *const ${nameOf(name)} = ${name}_memory + ${name}_start;`,
          ]
        : [],
    ),
    ...grid.dimensions.flatMap(({ index, first, groupItems: size }, dimension) => [
      ...(used.has(index) || padded.some((one) => one.index === index)
        ? [`  const int ${index} = get_global_id(${String(dimension)});`]
        : []),
      ...(used.has(first)
        ? [`  const int ${first} = get_group_id(${String(dimension)}) * ${String(size)};`]
        : []),
    ]),
    ...(needsMember ? [`  const int member = ${member(groups)};`] : []),
    ...copies.flat(),
    ...scratch,
    ...(copies.length > 0 ? ['  barrier(CLK_LOCAL_MEM_FENCE);'] : []),
    ...(conditions.length > 0
      ? [`  if (${conditions.join(' && ')}) {`, ...body.map((line) => `  ${line}`), '  }']
      : body),
    '}',
  ];
  return asciiText(lines.join('\n'));
}
