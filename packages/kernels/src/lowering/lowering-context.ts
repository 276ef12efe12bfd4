import { isWorthPanels } from '../families/spmm/is-worth-panels.ts';
import { GrimError, elementCount, formatShape, type Graph, type Node, type Shape } from '@grim/ir';

import { lowerKernel, type KernelFamily, type SharedLoop, type SharedLoops } from '../families/family.ts';
import type { GridTarget } from '../grid/grid-choice.ts';
import { gridKernel, type GridKernel, type GridOptions } from '../grid/grid-kernel.ts';
import { elementwise, type ElementwiseExpression } from '../families/elementwise.ts';
import { floatsOf, type Floats } from '../families/floats.ts';
import { ALIGNMENT } from './assign-addresses.ts';
import { countOperations } from '../kernel-ir/count-operations.ts';
import { roundToHalf, toHalves } from '../kernel-ir/half.ts';
import type { ElementType, Kernel } from '../kernel-ir/types.ts';
import type { KernelTarget } from '../target.ts';
import {
  LEAST_OPERATIONS_ASLEEP,
  LEAST_OPERATIONS_AWAKE,
  splitWork,
  WATCHED_OPERATIONS,
  type Division,
  type Sharing,
} from './split-work.ts';
import { isDense, memoryOrder, type Storage, type View } from './view.ts';

/** A kernel call before addresses are known. */
export interface PendingCall {
  readonly node: string;
  readonly stage: number;
  readonly kernel: Kernel;
  readonly family: string;
  readonly arguments: readonly { readonly storage: Storage; readonly offset: number }[];
  readonly path: string;
  readonly macs: number;
  readonly weightBytes: number;
  /** About how many operations it executes. */
  readonly operations: number;
  result?: { readonly value: string; readonly view: View };
}

/** What a call is, apart from its kernel and arguments. */
export interface CallNotes {
  readonly path: string;
  readonly macs?: number;
  readonly weightBytes?: number;
}

/** A storage of constant data. */
type ImageStorage = Storage & { readonly data: Uint8Array };

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** Constant data: floats become elements of the program, integers stay what they are. */
type ConstantData = Float32Array | Int32Array | Uint16Array;

const toBytes = (data: ConstantData): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** What calls are lowered for. */
export interface CallTarget {
  /** What schedules may count on. */
  readonly target: KernelTarget;
  /** How many threads calls are divided for. */
  readonly threads: number;
  /** Floats of values and constants. */
  readonly element: ElementType;
  /** Fewest operations of a part; by what its thread has been doing when absent. */
  readonly leastPart: number | undefined;
  /** Work-items that share every call, if any do. */
  readonly grid: GridTarget | undefined;
}

/** The state of lowering one graph: where its values are, and the calls so far. */
export class LoweringContext {
  readonly calls: PendingCall[] = [];
  readonly graph: Graph;
  readonly shapes: ReadonlyMap<string, Shape>;
  /** What schedules may count on. */
  readonly target: KernelTarget;
  /** Floats of values and constants; ports are 32 bits wide in any case. */
  readonly element: ElementType;
  private readonly views = new Map<string, View>();
  private readonly imageCache = new Map<unknown, Storage>();
  /** All image storages by their size. */
  private readonly imagesOfSize = new Map<number, ImageStorage[]>();
  private node = '';
  private stage = 0;
  private isTogether = false;
  private readonly threadCount: number;
  private readonly leastPart: number | undefined;
  private readonly grid: GridTarget | undefined;
  /** Operations that one thread has executed since threads last shared a stage. */
  private aloneOperations = Infinity;

  constructor(
    graph: Graph,
    shapes: ReadonlyMap<string, Shape>,
    { target, threads, element, leastPart, grid }: CallTarget,
  ) {
    this.graph = graph;
    this.shapes = shapes;
    this.target = target;
    this.threadCount = threads;
    this.element = element;
    this.leastPart = leastPart;
    this.grid = grid;
  }

  /** How values and constants lie in memory. */
  get floats(): Floats {
    return floatsOf(this.element);
  }

  /** How the next call may be divided among threads. */
  get threads(): Sharing {
    const isAwake = this.aloneOperations <= WATCHED_OPERATIONS;
    const byRule = isAwake ? LEAST_OPERATIONS_AWAKE : LEAST_OPERATIONS_ASLEEP;
    return { threads: this.threadCount, leastOperations: this.leastPart ?? byRule };
  }

  /** Sets the node that the following calls belong to. */
  enter(node: string): void {
    this.node = node;
  }

  /** A problem with the current node. */
  refuse(problem: string): GrimError {
    return new GrimError(problem, { layer: this.node });
  }

  /** Where a value is. Constants are placed in the image at their first use. */
  view(value: string): View {
    const known = this.views.get(value);
    if (known) return known;
    const constant = this.graph.constants.get(value);
    if (!constant) throw this.refuse(`value ${value} is read before it is computed`);
    const view = this.denseView(this.image(constant.data), constant.shape);
    this.views.set(value, view);
    return view;
  }

  /** Shape of a value. */
  shape(value: string): Shape {
    const shape = this.shapes.get(value);
    if (!shape) throw this.refuse(`value ${value} has no shape`);
    return shape;
  }

  /** Says where a value is, and that the last call completed it. */
  bind(value: string, view: View): void {
    const expected = this.shape(value);
    if (elementCount(expected) !== elementCount(view.shape)) {
      throw new TypeError(
        `${value}: lowered to ${formatShape(view.shape)}, expected ${formatShape(expected)}`,
      );
    }
    this.views.set(value, view);
    const call = this.calls.at(-1);
    if (call?.node === this.node && call.arguments.some((argument) => argument.storage === view.storage)) {
      call.result ??= { value, view };
    }
  }

  /** Refuses constants that the elements of the program cannot be. */
  requireRange(data: Float32Array): void {
    if (this.element !== 'f16') return;
    const tooLarge = data.find((value) => Number.isFinite(value) && !Number.isFinite(roundToHalf(value)));
    if (tooLarge === undefined) return;
    throw this.refuse(`a constant of ${String(tooLarge)} is beyond the range of 16-bit floats, ±65504`);
  }

  /** Bytes that constant data takes. */
  imageBytes(data: ConstantData): number {
    return data instanceof Float32Array ? data.length * this.floats.bytes : data.byteLength;
  }

  /**
   * Image storage for constant data; equal data is stored once. A recurrent layer packs its matrix anew for each time step, and all steps
   * should read the same bytes.
   */
  image(data: ConstantData): Storage {
    const known = this.imageCache.get(data);
    if (known) return known;
    if (data instanceof Float32Array) this.requireRange(data);
    const isNarrowed = this.element === 'f16' && data instanceof Float32Array;
    const bytes = toBytes(isNarrowed ? toHalves(data) : data);
    const storage = this.imageOf(bytes);
    this.imageCache.set(data, storage);
    return storage;
  }

  private imageOf(bytes: Uint8Array): Storage {
    const sameSize = this.imagesOfSize.get(bytes.byteLength) ?? [];
    const equal = sameSize.find(({ data }) => data.every((byte, index) => byte === bytes[index]));
    if (equal) return equal;
    const storage: ImageStorage = { kind: 'image', bytes: bytes.byteLength, data: bytes };
    this.imagesOfSize.set(bytes.byteLength, [...sameSize, storage]);
    return storage;
  }

  /** A row-major view of a whole storage. */
  denseView(storage: Storage, shape: Shape): View {
    return this.layOut(shape, [...shape.keys()], { padInner: false, storage });
  }

  /** A new row-major value of 32-bit floats that nothing else shares: what an application sees. */
  port(shape: Shape): View {
    return this.layOut(shape, [...shape.keys()], { padInner: false, persistent: true, element: 'f32' });
  }

  /** A new row-major value, of elements of the program unless told otherwise. */
  allocate(shape: Shape, element = this.element): View {
    return this.layOut(shape, [...shape.keys()], { padInner: false, element });
  }

  /**
   * A new value whose dimensions lie in memory in the given order, outermost first, with the innermost extent rounded up to
   * whole vectors and with the zeros around it that the convolutions and pools reading `value` need.
   */
  allocateFor(value: string, shape: Shape, order: readonly number[]): View {
    const halo = this.haloOf(value, shape.length);
    return this.layOut(shape, order, { padInner: true, ...(halo ? { halo } : {}) });
  }

  /** A new value with zeros around it. */
  allocateWithHalo(
    shape: Shape,
    order: readonly number[],
    begin: readonly number[],
    end: readonly number[],
  ): View {
    return this.layOut(shape, order, { padInner: true, halo: { begin, end } });
  }

  /** Puts the calls that `emit` appends into one stage: none of them may touch what another one writes. */
  together(emit: () => void): void {
    if (this.isTogether) {
      emit();
      return;
    }
    const before = this.calls.length;
    this.isTogether = true;
    emit();
    this.isTogether = false;
    this.stage++;
    const [first, ...others] = this.calls.slice(before);
    if (others.length > 0) this.aloneOperations = 0;
    else this.aloneOperations += first?.operations ?? 0;
  }

  /** Appends a kernel call, or several of one stage where its family has loops that threads can share. */
  call<Problem, Schedule>(
    family: KernelFamily<Problem, Schedule>,
    problem: NoInfer<Problem>,
    buffers: readonly { readonly storage: Storage; readonly offset: number }[],
    notes: CallNotes,
    schedule?: NoInfer<Schedule>,
  ): void {
    const chosen = schedule ?? family.defaultSchedule(problem, this.target);
    const refusal = family.refuse(problem, chosen, this.target);
    if (refusal !== undefined) throw this.refuse(`${family.name}: ${refusal}`);
    const { path, macs = 0, weightBytes = 0 } = notes;
    const kernel = lowerKernel(family, problem, chosen, this.target);
    if (kernel.buffers.length !== buffers.length) {
      throw new TypeError(
        `${kernel.name} takes ${String(kernel.buffers.length)} buffers, got ${String(buffers.length)}`,
      );
    }
    const whole: PendingCall = {
      node: this.node,
      stage: this.stage,
      kernel,
      family: family.name,
      arguments: buffers.map(({ storage, offset }) => ({ storage, offset })),
      path,
      macs,
      weightBytes,
      // In loops whose ends are read from memory only multiply-adds are known: two operations for every four.
      operations: Math.max(macs / 2, countOperations(kernel)),
    };
    if (this.grid) {
      const shared = this.sharedCall(whole, this.grid, (gridOptions) => {
        try {
          return gridKernel(family, problem, chosen, gridOptions);
        } catch (error) {
          throw error instanceof RangeError ? this.refuse(error.message) : error;
        }
      });
      this.together(() => this.calls.push(shared));
      return;
    }
    const divisions = this.divisions(whole, family.sharedLoops(problem, chosen), (part) =>
      lowerKernel(family, part, chosen, this.target),
    );
    const parts = splitWork(divisions, whole.operations, this.threads);
    this.together(() => {
      this.calls.push(...(parts.length > 0 ? parts : [whole]));
    });
  }

  /** Appends the call of a kernel of no family, which is never divided. */
  callKernel(
    kernel: Kernel,
    family: string,
    buffers: readonly { readonly storage: Storage; readonly offset: number }[],
    { path, macs = 0, weightBytes = 0 }: CallNotes,
  ): void {
    if (this.grid) throw this.refuse(`${family}: there is nothing that work-items could share`);
    this.together(() => {
      this.calls.push({
        node: this.node,
        stage: this.stage,
        kernel,
        family,
        arguments: buffers.map(({ storage, offset }) => ({ storage, offset })),
        path,
        macs,
        weightBytes,
        operations: countOperations(kernel),
      });
    });
  }

  /** A call that work-items share; a table of where parts start is one more argument, scratch none. */
  private sharedCall(
    whole: PendingCall,
    { limits, choose }: GridTarget,
    lower: (options: GridOptions) => GridKernel,
  ): PendingCall {
    const { kernel: sequential, node, family } = whole;
    const argumentOf = (buffer: string): PendingCall['arguments'][number] | undefined =>
      whole.arguments[sequential.buffers.findIndex(({ name }) => name === buffer)];
    const bytesOf = (buffer: string): number | undefined => {
      const argument = argumentOf(buffer);
      return argument && argument.storage.bytes - argument.offset;
    };
    const constants = new Map(
      sequential.buffers.flatMap(({ name }): [string, number][] =>
        argumentOf(name)?.storage.data ? [[name, bytesOf(name) ?? 0]] : [],
      ),
    );
    const choice = choose?.({ node, family, kernel: sequential, constants }) ?? {};
    const { kernel, starts } = lower({
      choice,
      limits,
      target: this.target,
      bytesOf,
    });
    const contents = Object.fromEntries(
      sequential.buffers.flatMap(({ name }): [string, DataView][] => {
        const { storage, offset } = argumentOf(name) ?? {};
        if (!storage?.data) return [];
        const { buffer, byteOffset, byteLength } = storage.data;
        return [[name, new DataView(buffer, byteOffset + (offset ?? 0), byteLength - (offset ?? 0))]];
      }),
    );
    const table = starts && { storage: this.image(starts.table(contents)), offset: 0 };
    return {
      ...whole,
      kernel,
      arguments: kernel.buffers.flatMap(({ name }) => argumentOf(name) ?? table ?? []),
    };
  }

  /** The ways to divide a call along a loop that threads share. */
  private divisions<Problem>(
    whole: PendingCall,
    { loops, part }: SharedLoops<Problem>,
    lower: (part: Problem) => Kernel,
  ): Division<PendingCall>[] {
    if (this.threadCount === 1) return [];
    const turnsOf = (divided: SharedLoop, count: number): number[] =>
      loops.map((loop) => (loop === divided ? count : loop.turns));
    return loops
      .filter(({ onlyItems }) => !onlyItems)
      .map((loop) => this.division(whole, loop, (count) => lower(part(turnsOf(loop, count)))));
  }

  /** A call divided along a loop; `lower` gives the kernel of some consecutive turns. */
  private division(
    whole: PendingCall,
    { turns, multiple, steps }: SharedLoop,
    lower: (turns: number) => Kernel,
  ): Division<PendingCall> {
    return {
      units: Math.ceil(turns / multiple),
      part: ({ first, end }) => {
        const firstTurn = first * multiple;
        const count = Math.min(turns, end * multiple) - firstTurn;
        const share = (total: number): number => (total * count) / turns;
        return {
          ...whole,
          kernel: lower(count),
          arguments: whole.arguments.map(({ storage, offset }, index) => ({
            storage,
            offset: offset + firstTurn * (steps[whole.kernel.buffers[index]?.name ?? ''] ?? 0),
          })),
          macs: share(whole.macs),
          // Weights that do not move on with the loop are read by every part.
          weightBytes: steps['weights'] ? share(whole.weightBytes) : whole.weightBytes,
          operations: share(whole.operations),
        };
      },
    };
  }

  /** Copies elements between two views of one shape. */
  copy(source: View, target: View): void {
    this.elementwise({ kind: 'operand', index: 0 }, [source], target, 'copy');
  }

  /** Computes an expression of views that have the target's shape (broadcast dimensions have stride 0). */
  elementwise(
    expression: ElementwiseExpression,
    operands: readonly View[],
    target: View,
    path = 'elementwise',
  ): void {
    const order = memoryOrder(target);
    const pick = (values: readonly number[]): number[] => order.map((axis) => values[axis] ?? 0);
    this.call(
      elementwise,
      {
        extents: pick(target.shape),
        operandStrides: operands.map((operand) => pick(operand.strides)),
        outputStrides: pick(target.strides),
        element: target.element,
        operandElements: operands.map(({ element }) => element),
        expression,
        outputSlack: target.slack,
      },
      [...operands, target],
      { path },
    );
  }

  /** A port in elements of the program: the view itself, or a copy that has the zeros around it which readers of `value` need. */
  converted(value: string, view: View): View {
    if (view.element === this.element) return view;
    const copy = this.allocateFor(value, view.shape, [...view.shape.keys()]);
    this.copy(view, copy);
    return copy;
  }

  /** The view itself if it is dense and row-major, else a dense copy. */
  dense(view: View): View {
    if (isDense(view)) return view;
    const copy = this.allocate(view.shape, view.element);
    this.copy(view, copy);
    return copy;
  }

  /** The view itself if it is dense, row-major, of 32-bit floats and starts at a vector, else a copy that is. */
  aligned(view: View): View {
    if (view.element === 'f32' && isDense(view) && view.offset % ALIGNMENT === 0) return view;
    const copy = this.allocate(view.shape, 'f32');
    this.copy(view, copy);
    return copy;
  }

  private layOut(
    shape: Shape,
    order: readonly number[],
    options: {
      padInner: boolean;
      persistent?: boolean;
      element?: ElementType;
      storage?: Storage;
      halo?: { begin: readonly number[]; end: readonly number[] };
    },
  ): View {
    const { halo, element = this.element } = options;
    const { bytes, lanes } = floatsOf(element);
    const strides = new Array<number>(shape.length).fill(0);
    const inner = order.findLast((axis) => (shape[axis] ?? 1) > 1) ?? order.at(-1);
    let stride = 1;
    let slack = 0;
    let first = 0;
    for (const axis of [...order].reverse()) {
      strides[axis] = stride;
      const begin = halo?.begin[axis] ?? 0;
      const end = halo?.end[axis] ?? 0;
      const extent = (shape[axis] ?? 1) + begin + end;
      first += begin * stride;
      const padded = options.padInner && axis === inner ? roundUp(extent, lanes) : extent;
      // With a halo along the contiguous dimension, what follows the value must stay zero.
      if (axis === inner && begin + end === 0) slack = padded - extent;
      stride *= padded;
    }
    const zeroed = halo !== undefined && [...halo.begin, ...halo.end].some((extent) => extent > 0);
    const storage: Storage = options.storage ?? {
      kind: (options.persistent ?? zeroed) ? 'persistent' : 'arena',
      bytes: roundUp(stride * bytes, 16),
    };
    return { storage, element, offset: first * bytes, shape, strides, slack, ...(zeroed ? { halo } : {}) };
  }

  /**
   * The order of the dimensions `[N, C, H, W]` of an image, outermost first. Where pruned convolutions read or write many
   * channels, those of one row of pixels are side by side: planes of channels are on pages of memory of their own, and a
   * processor remembers where few pages are.
   */
  imageOrder(value: string): readonly number[] {
    const width = this.shape(value)[3] ?? 1;
    const byRows = this.graph.nodes.some(({ op, inputs, outputs, weights }) => {
      if (op.kind !== 'conv' || op.groups > 1) return false;
      if (inputs[0] !== value && outputs[0] !== value) return false;
      const pruned = weights?.some(({ input, bcr }) => input === 1 && bcr !== undefined);
      const [rows = 0, , tapsY = 1, tapsX = 1] = inputs[1] ? this.shape(inputs[1]) : [];
      return pruned === true && isWorthPanels({ rows, width, window: { height: tapsY, width: tapsX } });
    });
    return byRows ? [0, 2, 1, 3] : [0, 1, 2, 3];
  }

  /** Zeros that the convolutions and pools reading a value expect around it. */
  private haloOf(value: string, rank: number): { begin: number[]; end: number[] } | undefined {
    const begin = new Array<number>(rank).fill(0);
    const end = new Array<number>(rank).fill(0);
    for (const node of this.graph.nodes) {
      if ((node.op.kind !== 'conv' && node.op.kind !== 'pool') || node.inputs[0] !== value) continue;
      const { padsBegin, padsEnd } = node.op;
      padsBegin.forEach((pad, axis) => (begin[axis + 2] = Math.max(begin[axis + 2] ?? 0, pad)));
      padsEnd.forEach((pad, axis) => (end[axis + 2] = Math.max(end[axis + 2] ?? 0, pad)));
    }
    return [...begin, ...end].some((extent) => extent > 0) ? { begin, end } : undefined;
  }
}

/** A node whose operator is known. */
export type NodeOf<Kind extends Node['op']['kind']> = Omit<Node, 'op'> & {
  readonly op: Extract<Node['op'], { readonly kind: Kind }>;
};

/** An operand that must be there: the import checked it, so its absence is a defect. */
export function operand(node: Omit<Node, 'op'>, position: number): string {
  const value = node.inputs[position];
  if (value === undefined || value === null)
    throw new TypeError(`${node.name}: operand ${String(position)} is absent`);
  return value;
}

/** A result that must be there. */
export function result(node: Omit<Node, 'op'>, position = 0): string {
  const value = node.outputs[position];
  if (value === undefined) throw new TypeError(`${node.name}: result ${String(position)} is absent`);
  return value;
}
