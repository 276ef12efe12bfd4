import { arithmetic, power, variadic } from './arithmetic.ts';
import { batchNormalization } from './batch-normalization.ts';
import { cast } from './cast.ts';
import { clip } from './clip.ts';
import { comparison, logical, not } from './comparison.ts';
import { concat } from './concat.ts';
import { constantOfShape } from './constant-of-shape.ts';
import { conv } from './conv.ts';
import { expand } from './expand.ts';
import { gather } from './gather.ts';
import { gru } from './gru.ts';
import { dropout, identity } from './identity.ts';
import { layerNormalization } from './layer-normalization.ts';
import { lstm } from './lstm.ts';
import { gemm, matMul } from './matrix-product.ts';
import { modulo } from './modulo.ts';
import type { OperatorImporter } from './operator-importer.ts';
import { pad } from './pad.ts';
import { pool } from './pool.ts';
import { range } from './range.ts';
import { globalPool, reduce, reduceProduct } from './reduce.ts';
import { flatten, reshape, squeeze, unsqueeze } from './reshape.ts';
import { resize, upsample } from './resize.ts';
import { shapeOf, sizeOf } from './shape-of.ts';
import { slice } from './slice.ts';
import { softmax } from './softmax.ts';
import { split } from './split.ts';
import { storedConstant } from './stored-constant.ts';
import { tile } from './tile.ts';
import { transpose } from './transpose.ts';
import { activation, rounding, roundHalfToEven, signed } from './unary.ts';
import { where } from './where.ts';

/** Operators of the default domain by their ONNX name. `If` is not here: the evaluation itself follows its branches. */
export const operatorImporters: ReadonlyMap<string, OperatorImporter> = new Map([
  ['Abs', signed('abs', (value) => (value < 0n ? -value : value))],
  ['Add', arithmetic('add')],
  ['And', logical('and')],
  ['AveragePool', pool('average')],
  ['BatchNormalization', batchNormalization],
  ['Cast', cast],
  ['Ceil', rounding(Math.ceil)],
  ['Clip', clip],
  ['Concat', concat],
  ['Constant', storedConstant],
  ['ConstantOfShape', constantOfShape],
  ['Conv', conv],
  ['Div', arithmetic('div')],
  ['Dropout', dropout],
  ['Equal', comparison('equal')],
  ['Exp', activation(() => ({ function: 'exp' }))],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Floor', rounding(Math.floor)],
  ['GRU', gru],
  ['Gather', gather],
  ['Gemm', gemm],
  ['GlobalAveragePool', globalPool('mean')],
  ['GlobalMaxPool', globalPool('max')],
  ['Greater', comparison('greater')],
  ['GreaterOrEqual', comparison('greaterOrEqual')],
  [
    'HardSigmoid',
    activation(({ attributes }) => ({
      function: 'hardSigmoid',
      alpha: attributes.float('alpha') ?? 0.2,
      beta: attributes.float('beta') ?? 0.5,
    })),
  ],
  ['HardSwish', activation(() => ({ function: 'hardSwish' }))],
  ['Identity', identity],
  ['LSTM', lstm],
  ['LayerNormalization', layerNormalization],
  [
    'LeakyRelu',
    activation(({ attributes }) => ({ function: 'leakyRelu', alpha: attributes.float('alpha') ?? 0.01 })),
  ],
  ['Less', comparison('less')],
  ['LessOrEqual', comparison('lessOrEqual')],
  ['Log', activation(() => ({ function: 'log' }))],
  ['MatMul', matMul],
  ['Max', variadic('max')],
  ['MaxPool', pool('max')],
  ['Min', variadic('min')],
  ['Mod', modulo],
  ['Mul', arithmetic('mul')],
  ['Neg', signed('neg', (value) => -value)],
  ['Not', not],
  ['Or', logical('or')],
  ['Pad', pad],
  ['Pow', power],
  ['Range', range],
  ['ReduceMax', reduce('max', 18)],
  ['ReduceMean', reduce('mean', 18)],
  ['ReduceMin', reduce('min', 18)],
  ['ReduceProd', reduceProduct],
  ['ReduceSum', reduce('sum', 13)],
  ['Relu', activation(() => ({ function: 'relu' }))],
  ['Reshape', reshape],
  ['Resize', resize],
  ['Round', rounding(roundHalfToEven)],
  ['Shape', shapeOf],
  ['Sigmoid', activation(() => ({ function: 'sigmoid' }))],
  ['Size', sizeOf],
  ['Slice', slice],
  ['Softmax', softmax],
  ['Split', split],
  ['Sqrt', activation(() => ({ function: 'sqrt' }))],
  ['Squeeze', squeeze],
  ['Sub', arithmetic('sub')],
  ['Sum', variadic('add')],
  ['Tanh', activation(() => ({ function: 'tanh' }))],
  ['Tile', tile],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
  ['Upsample', upsample],
  ['Where', where],
  ['Xor', logical('xor')],
]);
