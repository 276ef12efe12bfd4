import type { Graph, Node } from '../graph.ts';
import { inferShapes } from '../infer-shapes.ts';
import type { UnaryFunction } from '../operators/activation.ts';
import type { BinaryFunction, BinaryOperator } from '../operators/binary.ts';
import { sameShape, type Tensor } from '../tensor.ts';
import { replaceInputs, replaceValues } from './replace-values.ts';

/** What a binary function with one constant operand amounts to: a function of one value, or the value itself. */
type Rule = UnaryFunction | 'identity';

/** Rules for `function(x, constant)`. */
const constantRight: Partial<Record<BinaryFunction, ReadonlyMap<number, Rule>>> = {
  add: new Map([[0, 'identity']]),
  div: new Map<number, Rule>([
    [1, 'identity'],
    [-1, 'neg'],
  ]),
  max: new Map([[0, 'relu']]),
  mul: new Map<number, Rule>([
    [1, 'identity'],
    [-1, 'neg'],
  ]),
  pow: new Map<number, Rule>([
    [0.5, 'sqrt'],
    [1, 'identity'],
    [2, 'square'],
  ]),
  sub: new Map([[0, 'identity']]),
};

/** Rules for `function(constant, x)`. */
const constantLeft: Partial<Record<BinaryFunction, ReadonlyMap<number, Rule>>> = {
  add: new Map([[0, 'identity']]),
  max: new Map([[0, 'relu']]),
  mul: new Map<number, Rule>([
    [1, 'identity'],
    [-1, 'neg'],
  ]),
  sub: new Map([[0, 'neg']]),
};

/** The one value that all elements have, if there is one. */
function uniformValue(tensor: Tensor | undefined): number | undefined {
  const [first] = tensor?.data ?? [];
  return first !== undefined && tensor?.data.every((value) => value === first) === true ? first : undefined;
}

interface Match {
  readonly operand: string;
  readonly rule: Rule;
}

function match(op: BinaryOperator, a: string, b: string, constants: Graph['constants']): Match | undefined {
  if (op.activation) return undefined;
  if (op.function === 'mul' && a === b) return { operand: a, rule: 'square' };
  const right = uniformValue(constants.get(b));
  const ruleRight = right === undefined ? undefined : constantRight[op.function]?.get(right);
  if (ruleRight) return { operand: a, rule: ruleRight };
  const left = uniformValue(constants.get(a));
  const ruleLeft = left === undefined ? undefined : constantLeft[op.function]?.get(left);
  return ruleLeft ? { operand: b, rule: ruleLeft } : undefined;
}

/**
 * Writes binary functions with a constant operand, and products of a value with itself, as functions of one value:
 * `x^2` and `x·x` as `square`, `x^0.5` as `sqrt`, `max(x,0)` as `relu`, `−1·x` as `neg`; `x+0`, `1·x`, `x/1`, `x^1`
 * vanish.
 *
 * Results are equal except for the sign of zeros and for `(−∞)^0.5`, which becomes NaN.
 */
export function canonicaliseArithmetic(graph: Graph): Graph {
  const shapes = inferShapes(graph);
  const replacements = new Map<string, string>();
  const nodes: Node[] = [];
  for (const original of graph.nodes) {
    const node = replaceInputs(original, replacements);
    const [a, b] = node.inputs;
    const [output] = node.outputs;
    const found =
      node.op.kind === 'binary' && typeof a === 'string' && typeof b === 'string'
        ? match(node.op, a, b, graph.constants)
        : undefined;
    // A constant may also widen the shape by broadcasting, and that must stay.
    const keepsShape =
      found !== undefined &&
      output !== undefined &&
      sameShape(shapes.get(found.operand) ?? [], shapes.get(output) ?? []);
    if (!keepsShape) {
      nodes.push(node);
    } else if (found.rule === 'identity') {
      replacements.set(output, found.operand);
    } else {
      nodes.push({
        name: node.name,
        op: { kind: 'unary', activation: { function: found.rule } },
        inputs: [found.operand],
        outputs: [output],
      });
    }
  }
  return replaceValues({ ...graph, nodes }, replacements);
}
