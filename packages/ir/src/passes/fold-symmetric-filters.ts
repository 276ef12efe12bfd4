import type { Graph, Node } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import { valueAt } from '../operators/elements.ts';
import type { ConvOperator } from '../operators/conv.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { freshNames } from './fresh-names.ts';

/** Largest asymmetry of a filter that counts as rounding, relative to its largest weight. */
const tolerance = 1e-6;
/** A shorter filter, or fewer filters, would save less than folding the windows costs. */
const minimumSize = 8;
const minimumFilters = 4;

type Parity = 'even' | 'odd' | 'zero' | 'none';

/** Whether `w[K−n] = ±w[n]` for n from 1 to K − 1, with `w[0] = w[K/2] = 0` in an odd filter. */
function parityOf(filter: Float32Array): Parity {
  const size = filter.length;
  const largest = filter.reduce((maximum, weight) => Math.max(maximum, Math.abs(weight)), 0);
  if (largest === 0) return 'zero';
  let asymmetry = 0;
  let symmetry = Math.abs(valueAt(filter, 0));
  for (let n = 1; n < size; n++) {
    asymmetry = Math.max(asymmetry, Math.abs(valueAt(filter, n) - valueAt(filter, size - n)));
    symmetry = Math.max(symmetry, Math.abs(valueAt(filter, n) + valueAt(filter, size - n)));
  }
  if (asymmetry <= tolerance * largest) return 'even';
  return symmetry <= tolerance * largest ? 'odd' : 'none';
}

/**
 * How many leading filters are even when all others are odd, or `undefined` when that is not so. A zero filter
 * counts as either; it goes to the odd ones where there is a choice, which have fewer weights.
 */
function countEvenFilters(filters: readonly Float32Array[]): number | undefined {
  const parities = filters.map(parityOf);
  const even = parities.findLastIndex((parity) => parity !== 'odd' && parity !== 'zero') + 1;
  return parities.slice(0, even).every((parity) => parity === 'even' || parity === 'zero') ? even : undefined;
}

/** Weights of the filter on the folded window; where the two mirrored ones differ by rounding, their mean. */
function foldFilter(filter: Float32Array, parity: 'even' | 'odd'): number[] {
  const size = filter.length;
  const middle = size / 2;
  const mean = (k: number): number => {
    const mirrored = valueAt(filter, size - k);
    return (valueAt(filter, k) + (parity === 'even' ? mirrored : -mirrored)) / 2;
  };
  const inside = Array.from({ length: middle - 1 }, (_, position) => mean(position + 1));
  return parity === 'even' ? [valueAt(filter, 0), ...inside, valueAt(filter, middle)] : inside;
}

interface FilterBank {
  readonly op: ConvOperator;
  readonly x: string;
  readonly bias: Tensor | undefined;
  readonly filters: readonly Float32Array[];
  readonly evenCount: number;
}

/** The node as a bank of symmetric filters over one channel, if it is one. */
function filterBankOf(
  node: Node,
  constants: Graph['constants'],
  shapes: ReadonlyMap<string, Shape>,
): FilterBank | undefined {
  const { op } = node;
  const [x, weightsName, biasName] = node.inputs;
  if (op.kind !== 'conv' || op.strides.length !== 1 || op.dilations[0] !== 1) return undefined;
  if (typeof x !== 'string' || typeof weightsName !== 'string') return undefined;
  // A pruned layer was meant to be pruned; its zeros would be lost.
  if (node.weights?.some((spec) => spec.bcr)) return undefined;
  const weights = constants.get(weightsName);
  const bias = typeof biasName === 'string' ? constants.get(biasName) : undefined;
  if (!weights || (typeof biasName === 'string' && !bias)) return undefined;
  const [count = 0, , size = 0] = weights.shape;
  if (shapes.get(x)?.[1] !== 1 || op.groups !== 1) return undefined;
  if (size < minimumSize || size % 2 !== 0 || count < minimumFilters) return undefined;
  const filters = Array.from({ length: count }, (_, filter) =>
    weights.data.subarray(filter * size, (filter + 1) * size),
  );
  const evenCount = countEvenFilters(filters);
  return evenCount === undefined ? undefined : { op, x, bias, filters, evenCount };
}

/** The nodes and constants that compute a filter bank on folded windows. */
function foldBank(
  node: Node,
  bank: FilterBank,
  name: (wish: string) => string,
): { readonly nodes: Node[]; readonly constants: Map<string, Tensor> } {
  const nodes: Node[] = [];
  const constants = new Map<string, Tensor>();
  const size = valueAt(
    bank.filters.map((filter) => filter.length),
    0,
  );
  const [begin = 0] = bank.op.padsBegin;
  const [end = 0] = bank.op.padsEnd;
  let signal = bank.x;
  if (begin + end > 0) {
    signal = name(`${node.name}.padded`);
    nodes.push({
      name: name(`${node.name}.pad`),
      op: { kind: 'pad', mode: 'constant', begin: [0, 0, begin], end: [0, 0, end], value: 0 },
      inputs: [bank.x],
      outputs: [signal],
    });
  }
  const windows = { even: name(`${node.name}.even.windows`), odd: name(`${node.name}.odd.windows`) };
  nodes.push({
    name: name(`${node.name}.fold`),
    op: { kind: 'foldWindows', size, stride: valueAt(bank.op.strides, 0) },
    inputs: [signal],
    outputs: [windows.even, windows.odd],
  });
  const halves = [
    { parity: 'even', first: 0, end: bank.evenCount },
    { parity: 'odd', first: bank.evenCount, end: bank.filters.length },
  ] as const;
  const results: string[] = [];
  for (const { parity, first, end: last } of halves) {
    if (first === last) continue;
    const folded = bank.filters.slice(first, last).map((filter) => foldFilter(filter, parity));
    const weights = name(`${node.name}.${parity}.weights`);
    const columns = parity === 'even' ? size / 2 + 1 : size / 2 - 1;
    constants.set(weights, { shape: [last - first, columns, 1], data: Float32Array.from(folded.flat()) });
    const inputs: string[] = [windows[parity], weights];
    if (bank.bias) {
      const bias = name(`${node.name}.${parity}.bias`);
      constants.set(bias, { shape: [last - first], data: bank.bias.data.slice(first, last) });
      inputs.push(bias);
    }
    const result = name(`${node.name}.${parity}.result`);
    results.push(result);
    nodes.push({
      name: name(`${node.name}.${parity}`),
      op: {
        ...bank.op,
        strides: [1],
        padsBegin: [0],
        padsEnd: [0],
        fixed: 'symmetric filter bank',
      },
      inputs,
      outputs: [result],
    });
  }
  nodes.push({ name: node.name, op: { kind: 'concat', axis: 1 }, inputs: results, outputs: node.outputs });
  return { nodes, constants };
}

/**
 * Halves the multiply-adds and weights of filter banks such as the basis of a short-time Fourier transform.
 *
 * A one-dimensional convolution of one channel is such a bank when its kernel has an even length K ≥ 8 and its
 * filters are first all even, `w[K−n] = w[n]`, then all odd, `w[K−n] = −w[n]` (n from 1 to K − 1; cosines and sines
 * under a periodic window are), up to 1e-6 of the filter's largest weight. It becomes `foldWindows`, one 1×1
 * convolution per half, marked as `fixed`, and a concatenation that has the name of the node. Results differ by
 * rounding.
 *
 * @throws `GrimError` when the shapes of the graph do not fit.
 */
export function foldSymmetricFilters(graph: Graph): Graph {
  const shapes = inferShapes(graph);
  const constants = new Map(graph.constants);
  const name = freshNames(graph);
  const nodes = graph.nodes.flatMap((node) => {
    const bank = filterBankOf(node, graph.constants, shapes);
    if (!bank) return [node];
    const folded = foldBank(node, bank, name);
    for (const [constant, tensor] of folded.constants) constants.set(constant, tensor);
    return folded.nodes;
  });
  return { ...graph, nodes, constants };
}
