/** A convolution of one image, batch 1, zeros around it so that stride 1 keeps the size. */
export interface ConvShape {
  readonly kind: 'conv';
  readonly name: string;
  /** Input channels. */
  readonly inputs: number;
  /** Output channels. */
  readonly outputs: number;
  /** Taps in each direction. */
  readonly kernel: number;
  readonly stride: number;
  /** Pixels of the input in each direction; `[height, width]` when they differ. */
  readonly size: number | readonly [height: number, width: number];
  /** Channels are split into this many groups; 1 unless told. */
  readonly groups?: number;
}

/** A matrix times one vector: a fully connected layer or one product of a recurrent one. */
export interface LinearShape {
  readonly kind: 'linear';
  readonly name: string;
  /** Outputs. */
  readonly rows: number;
  /** Inputs. */
  readonly columns: number;
}

/** One time step of a GRU layer. */
export interface GruShape {
  readonly kind: 'gru';
  readonly name: string;
  readonly inputs: number;
  readonly hidden: number;
}

/** One layer whose time is measured. */
export type LayerShape = ConvShape | LinearShape | GruShape;

/** The distinct layers of a model. */
export interface ModelShapes {
  readonly model: string;
  readonly layers: readonly LayerShape[];
}

/** Height and width of the input of a convolution. */
export function imageSize({ size }: ConvShape): readonly [height: number, width: number] {
  return typeof size === 'number' ? [size, size] : size;
}

/** Height and width of the output of a convolution. */
export function outputSize(shape: ConvShape): readonly [height: number, width: number] {
  const [height, width] = imageSize(shape);
  return [Math.ceil(height / shape.stride), Math.ceil(width / shape.stride)];
}

/** A layer in a few words, for tables. */
export function describeShape(shape: LayerShape): string {
  switch (shape.kind) {
    case 'conv': {
      const [height, width] = imageSize(shape);
      const depthwise = (shape.groups ?? 1) > 1 ? `, ${shape.groups ?? 1} groups` : '';
      const stride = shape.stride > 1 ? ` / ${shape.stride}` : '';
      return `${shape.inputs} → ${shape.outputs}, ${shape.kernel}×${shape.kernel}${stride} at ${height}×${width}${depthwise}`;
    }
    case 'linear':
      return `${shape.rows}×${shape.columns}`;
    case 'gru':
      return `GRU step, ${shape.inputs} → ${shape.hidden}`;
  }
}
