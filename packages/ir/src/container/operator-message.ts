import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { GrimError } from '../errors.ts';
import {
  BinaryFunction as BinaryFunctionMessage,
  BinarySchema,
  ConcatSchema,
  ConvSchema,
  CustomSchema,
  Direction,
  FoldWindowsSchema,
  GruSchema,
  LayerNormSchema,
  LinearSchema,
  LstmSchema,
  OperatorSchema,
  PadMode,
  PadSchema,
  PoolFunction as PoolFunctionMessage,
  PoolSchema,
  ReduceFunction as ReduceFunctionMessage,
  ReduceSchema,
  ReshapeSchema,
  ResizeCoordinates as ResizeCoordinatesMessage,
  ResizeInterpolation as ResizeInterpolationMessage,
  ResizeSchema,
  SliceSchema,
  SoftmaxSchema,
  TransposeSchema,
  UnaryFunction as UnaryFunctionMessage,
  UnarySchema,
  type Activation as ActivationMessage,
  type ActivationSchema,
  type Operator as OperatorMessage,
} from '../gen/grim/v1/operators_pb.ts';
import type { Activation, UnaryFunction } from '../operators/activation.ts';
import type { BinaryFunction } from '../operators/binary.ts';
import type { Operator } from '../operators/operator.ts';
import type { PadOperator } from '../operators/pad.ts';
import type { PoolFunction } from '../operators/pool.ts';
import type { ReduceFunction } from '../operators/reduce.ts';
import type { OperatorKind, OperatorOf } from '../operators/registry.ts';
import type { ResizeCoordinates, ResizeInterpolation } from '../operators/resize.ts';
import { enumTable } from './enum-table.ts';

type MessageOf<Kind extends OperatorKind> = Extract<OperatorMessage['kind'], { case: Kind }>['value'];

/** How operators of one kind are stored. */
interface OperatorMapping<Kind extends OperatorKind> {
  readonly toMessage: (op: OperatorOf<Kind>) => MessageOf<Kind>;
  readonly fromMessage: (message: MessageOf<Kind>) => OperatorOf<Kind>;
}

const unaryFunctions = enumTable<UnaryFunction, UnaryFunctionMessage>('unary function', {
  abs: UnaryFunctionMessage.ABS,
  exp: UnaryFunctionMessage.EXP,
  hardSigmoid: UnaryFunctionMessage.HARD_SIGMOID,
  hardSwish: UnaryFunctionMessage.HARD_SWISH,
  leakyRelu: UnaryFunctionMessage.LEAKY_RELU,
  log: UnaryFunctionMessage.LOG,
  neg: UnaryFunctionMessage.NEG,
  relu: UnaryFunctionMessage.RELU,
  sigmoid: UnaryFunctionMessage.SIGMOID,
  sqrt: UnaryFunctionMessage.SQRT,
  square: UnaryFunctionMessage.SQUARE,
  tanh: UnaryFunctionMessage.TANH,
});

const binaryFunctions = enumTable<BinaryFunction, BinaryFunctionMessage>('binary function', {
  add: BinaryFunctionMessage.ADD,
  div: BinaryFunctionMessage.DIV,
  max: BinaryFunctionMessage.MAX,
  min: BinaryFunctionMessage.MIN,
  mul: BinaryFunctionMessage.MUL,
  pow: BinaryFunctionMessage.POW,
  sub: BinaryFunctionMessage.SUB,
});

const reduceFunctions = enumTable<ReduceFunction, ReduceFunctionMessage>('reduce function', {
  max: ReduceFunctionMessage.MAX,
  mean: ReduceFunctionMessage.MEAN,
  min: ReduceFunctionMessage.MIN,
  sum: ReduceFunctionMessage.SUM,
});

const padModes = enumTable<PadOperator['mode'], PadMode>('pad mode', {
  constant: PadMode.CONSTANT,
  edge: PadMode.EDGE,
  reflect: PadMode.REFLECT,
});

const poolFunctions = enumTable<PoolFunction, PoolFunctionMessage>('pool function', {
  average: PoolFunctionMessage.AVERAGE,
  max: PoolFunctionMessage.MAX,
});

const resizeCoordinates = enumTable<ResizeCoordinates, ResizeCoordinatesMessage>('resize coordinates', {
  alignCorners: ResizeCoordinatesMessage.ALIGN_CORNERS,
  asymmetric: ResizeCoordinatesMessage.ASYMMETRIC,
  halfPixel: ResizeCoordinatesMessage.HALF_PIXEL,
  pytorchHalfPixel: ResizeCoordinatesMessage.PYTORCH_HALF_PIXEL,
});

const resizeInterpolations = enumTable<ResizeInterpolation, ResizeInterpolationMessage>(
  'resize interpolation',
  {
    linear: ResizeInterpolationMessage.LINEAR,
    nearestCeil: ResizeInterpolationMessage.NEAREST_CEIL,
    nearestFloor: ResizeInterpolationMessage.NEAREST_FLOOR,
    nearestRoundPreferCeil: ResizeInterpolationMessage.NEAREST_ROUND_PREFER_CEIL,
    nearestRoundPreferFloor: ResizeInterpolationMessage.NEAREST_ROUND_PREFER_FLOOR,
  },
);

const directions = enumTable<'forward' | 'reverse', Direction>('direction', {
  forward: Direction.FORWARD,
  reverse: Direction.REVERSE,
});

function activationInit(activation: Activation): MessageInitShape<typeof ActivationSchema> {
  return { ...activation, function: unaryFunctions.toMessage(activation.function) };
}

function activationOf(message: ActivationMessage): Activation {
  const { alpha, beta } = message;
  return {
    function: unaryFunctions.fromMessage(message.function),
    ...(alpha !== undefined && { alpha }),
    ...(beta !== undefined && { beta }),
  };
}

/** The activation as an optional field, on its way in or out. */
function optionalInit(activation: Activation | undefined) {
  return activation ? { activation: activationInit(activation) } : {};
}

function optionalActivation(message: ActivationMessage | undefined): { activation?: Activation } {
  return message ? { activation: activationOf(message) } : {};
}

function activationsOf(messages: readonly ActivationMessage[], count: number): Activation[] {
  if (messages.length !== count) {
    throw new GrimError(`has ${messages.length} activations where ${count} belong`);
  }
  return messages.map(activationOf);
}

const mappings: { readonly [Kind in OperatorKind]: OperatorMapping<Kind> } = {
  binary: {
    toMessage: (op) =>
      create(BinarySchema, {
        function: binaryFunctions.toMessage(op.function),
        ...optionalInit(op.activation),
      }),
    fromMessage: (message) => ({
      kind: 'binary',
      function: binaryFunctions.fromMessage(message.function),
      ...optionalActivation(message.activation),
    }),
  },
  concat: {
    toMessage: ({ axis }) => create(ConcatSchema, { axis }),
    fromMessage: ({ axis }) => ({ kind: 'concat', axis }),
  },
  conv: {
    toMessage: (op) =>
      create(ConvSchema, {
        strides: [...op.strides],
        padsBegin: [...op.padsBegin],
        padsEnd: [...op.padsEnd],
        dilations: [...op.dilations],
        groups: op.groups,
        ...optionalInit(op.activation),
        ...(op.fixed !== undefined && { fixed: op.fixed }),
      }),
    fromMessage: ({ strides, padsBegin, padsEnd, dilations, groups, activation, fixed }) => ({
      kind: 'conv',
      strides,
      padsBegin,
      padsEnd,
      dilations,
      groups,
      ...optionalActivation(activation),
      ...(fixed !== undefined && { fixed }),
    }),
  },
  custom: {
    toMessage: (op) =>
      create(CustomSchema, {
        function: op.function,
        attributes: op.attributes.map(({ name, values }) => ({ name, values: [...values] })),
        outputShapes: op.outputShapes.map((extents) => ({ extents: [...extents] })),
      }),
    fromMessage: (message) => ({
      kind: 'custom',
      function: message.function,
      attributes: message.attributes.map(({ name, values }) => ({ name, values })),
      outputShapes: message.outputShapes.map(({ extents }) => extents),
    }),
  },
  foldWindows: {
    toMessage: ({ size, stride }) => create(FoldWindowsSchema, { size, stride }),
    fromMessage: ({ size, stride }) => ({ kind: 'foldWindows', size, stride }),
  },
  gru: {
    toMessage: (op) =>
      create(GruSchema, {
        hidden: op.hidden,
        direction: directions.toMessage(op.direction),
        linearBeforeReset: op.linearBeforeReset,
        activations: op.activations.map(activationInit),
      }),
    fromMessage: (message) => {
      const activations = activationsOf(message.activations, 2) as [Activation, Activation];
      return {
        kind: 'gru',
        hidden: message.hidden,
        direction: directions.fromMessage(message.direction),
        linearBeforeReset: message.linearBeforeReset,
        activations,
      };
    },
  },
  layerNorm: {
    toMessage: ({ axis, epsilon }) => create(LayerNormSchema, { axis, epsilon }),
    fromMessage: ({ axis, epsilon }) => ({ kind: 'layerNorm', axis, epsilon }),
  },
  linear: {
    toMessage: (op) =>
      create(LinearSchema, {
        ...optionalInit(op.activation),
        ...(op.fixed !== undefined && { fixed: op.fixed }),
      }),
    fromMessage: ({ activation, fixed }) => ({
      kind: 'linear',
      ...optionalActivation(activation),
      ...(fixed !== undefined && { fixed }),
    }),
  },
  lstm: {
    toMessage: (op) =>
      create(LstmSchema, {
        hidden: op.hidden,
        direction: directions.toMessage(op.direction),
        activations: op.activations.map(activationInit),
      }),
    fromMessage: (message) => {
      const activations = activationsOf(message.activations, 3) as [Activation, Activation, Activation];
      return {
        kind: 'lstm',
        hidden: message.hidden,
        direction: directions.fromMessage(message.direction),
        activations,
      };
    },
  },
  pad: {
    toMessage: ({ mode, begin, end, value }) =>
      create(PadSchema, { mode: padModes.toMessage(mode), begin: [...begin], end: [...end], value }),
    fromMessage: ({ mode, begin, end, value }) => ({
      kind: 'pad',
      mode: padModes.fromMessage(mode),
      begin,
      end,
      value,
    }),
  },
  pool: {
    toMessage: (op) =>
      create(PoolSchema, {
        function: poolFunctions.toMessage(op.function),
        kernel: [...op.kernel],
        strides: [...op.strides],
        padsBegin: [...op.padsBegin],
        padsEnd: [...op.padsEnd],
        dilations: [...op.dilations],
        countIncludePad: op.countIncludePad,
      }),
    fromMessage: (message) => ({
      kind: 'pool',
      function: poolFunctions.fromMessage(message.function),
      kernel: message.kernel,
      strides: message.strides,
      padsBegin: message.padsBegin,
      padsEnd: message.padsEnd,
      dilations: message.dilations,
      countIncludePad: message.countIncludePad,
    }),
  },
  reduce: {
    toMessage: (op) =>
      create(ReduceSchema, {
        function: reduceFunctions.toMessage(op.function),
        axes: [...op.axes],
        keepDims: op.keepDims,
      }),
    fromMessage: (message) => ({
      kind: 'reduce',
      function: reduceFunctions.fromMessage(message.function),
      axes: message.axes,
      keepDims: message.keepDims,
    }),
  },
  reshape: {
    toMessage: ({ shape }) => create(ReshapeSchema, { shape: [...shape] }),
    fromMessage: ({ shape }) => ({ kind: 'reshape', shape }),
  },
  resize: {
    toMessage: (op) =>
      create(ResizeSchema, {
        interpolation: resizeInterpolations.toMessage(op.interpolation),
        coordinates: resizeCoordinates.toMessage(op.coordinates),
        sizes: [...op.sizes],
        scales: [...op.scales],
      }),
    fromMessage: ({ interpolation, coordinates, sizes, scales }) => ({
      kind: 'resize',
      interpolation: resizeInterpolations.fromMessage(interpolation),
      coordinates: resizeCoordinates.fromMessage(coordinates),
      sizes,
      scales,
    }),
  },
  slice: {
    toMessage: ({ starts, sizes, steps }) =>
      create(SliceSchema, { starts: [...starts], sizes: [...sizes], steps: [...steps] }),
    fromMessage: ({ starts, sizes, steps }) => ({ kind: 'slice', starts, sizes, steps }),
  },
  softmax: {
    toMessage: ({ axis }) => create(SoftmaxSchema, { axis }),
    fromMessage: ({ axis }) => ({ kind: 'softmax', axis }),
  },
  transpose: {
    toMessage: ({ permutation }) => create(TransposeSchema, { permutation: [...permutation] }),
    fromMessage: ({ permutation }) => ({ kind: 'transpose', permutation }),
  },
  unary: {
    toMessage: ({ activation }) => create(UnarySchema, { activation: activationInit(activation) }),
    fromMessage: ({ activation }) => {
      if (!activation) throw new GrimError('is a unary operator without a function');
      return { kind: 'unary', activation: activationOf(activation) };
    },
  },
};

/** An operator as it is stored. */
export function operatorToMessage(op: Operator): OperatorMessage {
  // The table pairs every kind with its own operator, which indexing by a union cannot express.
  const toMessage = mappings[op.kind].toMessage as (op: Operator) => MessageOf<OperatorKind>;
  return create(OperatorSchema, { kind: { case: op.kind, value: toMessage(op) } as OperatorMessage['kind'] });
}

/** A stored operator. Throws a {@link GrimError} for kinds and functions of later releases. */
export function operatorFromMessage(message: OperatorMessage | undefined): Operator {
  const kind = message?.kind;
  if (kind?.case === undefined) throw new GrimError('has an operator that this release does not know');
  const fromMessage = mappings[kind.case].fromMessage as (message: MessageOf<OperatorKind>) => Operator;
  return fromMessage(kind.value);
}
