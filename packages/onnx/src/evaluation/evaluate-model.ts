import { GrimError, withContext, type GraphInput, type GraphOutput } from '@grim/ir';
import type { GraphProto, NodeProto } from '../gen/onnx_pb.ts';
import type { ImportLimits } from '../import-limits.ts';
import type { ImportOptions } from '../import-options.ts';
import { isDefaultDomain, type OnnxModel } from '../model/read-model.ts';
import { readSparseTensor } from '../model/read-sparse-tensor.ts';
import { readTensor } from '../model/read-tensor.ts';
import type { TensorSource } from '../model/tensor-source.ts';
import { customOperator } from '../operators/custom-operator.ts';
import type { OperatorImporter } from '../operators/operator-importer.ts';
import { operatorImporters } from '../operators/registry.ts';
import type { RefusedValue, Value } from '../value.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { GraphInputs } from './graph-inputs.ts';
import { NodeAttributes } from './node-attributes.ts';
import { NodeContext } from './node-context.ts';
import { openScope, type Scope, type Task } from './scope.ts';

const refused: RefusedValue = { kind: 'refused' };

/** The inputs and outputs of the graph whose nodes are in the builder. */
export interface EvaluatedModel {
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly GraphOutput[];
}

/**
 * Evaluates a model as far as it is constant; what is not becomes nodes in `builder`.
 *
 * Evaluation is driven by demand, from the outputs back: what no output needs, such as the branch of an `If` that is
 * not taken, is not looked at. It uses a stack of its own, so that depth costs memory and never the call stack.
 */
export function evaluateModel(
  model: OnnxModel,
  builder: GraphBuilder,
  source: TensorSource,
  options: ImportOptions,
  limits: ImportLimits,
): EvaluatedModel {
  return new Evaluation(model, builder, source, options, limits).run();
}

class Evaluation {
  readonly #root: Scope;
  readonly #opset: number;
  readonly #builder: GraphBuilder;
  readonly #source: TensorSource;
  readonly #options: ImportOptions;
  readonly #limits: ImportLimits;
  readonly #inputs: GraphInputs;
  readonly #unsupported: string[] = [];

  constructor(
    model: OnnxModel,
    builder: GraphBuilder,
    source: TensorSource,
    options: ImportOptions,
    limits: ImportLimits,
  ) {
    this.#root = openScope(model.graph);
    this.#opset = model.opset;
    this.#builder = builder;
    this.#source = source;
    this.#options = options;
    this.#limits = limits;
    // Before IR version 4 every initializer is also listed as an input.
    const inputs = model.graph.input.filter(({ name }) => !this.#root.stored.has(name));
    for (const { name } of inputs) {
      if (this.#root.producers.has(name)) throw new GrimError(`value ${name} is both an input and produced`);
    }
    this.#inputs = new GraphInputs(inputs, options, builder, source.budget);
  }

  run(): EvaluatedModel {
    const names = this.#root.graph.output.map(({ name }) => name);
    if (names.length === 0) throw new GrimError('the model has no outputs');
    for (const name of names) this.#demand(this.#root, name);
    if (this.#unsupported.length > 0) throw unsupportedError(this.#unsupported, this.#opset);
    const outputs = names.map((name): GraphOutput => {
      const value = this.#value(this.#root, name);
      if (value.kind === 'refused') throw new TypeError(`output ${name} was refused without a reason`);
      return {
        name,
        value: value.kind === 'dynamic' ? value.name : this.#builder.constantName(value, name),
      };
    });
    return { inputs: this.#inputs.used, outputs };
  }

  /** Evaluates whatever stands between now and knowing the value of `name`. */
  #demand(scope: Scope, name: string): void {
    const first = this.#pending(scope, name);
    if (!first) return;
    const stack: Task[] = [first];
    this.#start(first);
    for (let task = stack.at(-1); task; task = stack.at(-1)) {
      const next = this.#nextNeed(task);
      if (next) {
        if (next.state === 'active')
          throw new GrimError(`node ${describe(next.node, next.position)} needs its own result`);
        this.#start(next);
        stack.push(next);
      } else if (!this.#takeBranch(task)) {
        this.#finish(task);
        task.state = 'done';
        stack.pop();
      }
    }
  }

  #start(task: Task): void {
    task.state = 'active';
    const { scope, node } = task;
    // Which operands of an If there are is known; what its branch needs follows once the branch is.
    for (const name of node.input) if (name !== '') task.needs.push({ scope, name });
  }

  #nextNeed(task: Task): Task | undefined {
    for (let need = task.needs[task.met]; need; need = task.needs[task.met]) {
      const pending = this.#pending(need.scope, need.name);
      if (pending) return pending;
      task.met++;
    }
    return undefined;
  }

  /** The node that has to be evaluated before the value of `name` is known, if any. */
  #pending(scope: Scope, name: string): Task | undefined {
    for (let at: Scope | undefined = scope; at; at = at.parent) {
      if (at.values.has(name) || at.stored.has(name)) return undefined;
      const task = at.producers.get(name);
      if (task) return task;
    }
    if (!this.#inputs.has(name)) throw new GrimError(`value ${name} is used but never produced`);
    return undefined;
  }

  /** The value of `name`, which needs no more evaluation. */
  #value(scope: Scope, name: string): Value | RefusedValue {
    for (let at: Scope | undefined = scope; at; at = at.parent) {
      const known = at.values.get(name);
      if (known?.kind === 'unavailable') throw new GrimError(known.problem);
      if (known) return known;
      const stored = at.stored.get(name);
      if (stored) {
        const value =
          stored.kind === 'dense'
            ? readTensor(stored.tensor, this.#source)
            : readSparseTensor(stored.tensor, this.#source);
        at.values.set(name, value);
        return value;
      }
    }
    return this.#inputs.resolve(name);
  }

  /** For an `If` whose condition is known: makes it need the outputs of the branch that is taken. */
  #takeBranch(task: Task): boolean {
    const { node, scope } = task;
    if (node.opType !== 'If' || !isDefaultDomain(node.domain) || task.branch) return false;
    return withContext({ layer: describe(node, task.position) }, () => {
      const condition = this.#value(scope, node.input[0] ?? '');
      if (condition.kind === 'refused') return false;
      if (condition.kind === 'dynamic') {
        throw new GrimError(
          `its condition ${condition.name} is only known when the model runs; GRIM needs it at import`,
        );
      }
      const [decision] = condition.data;
      if (condition.type !== 'bool' || condition.data.length !== 1) {
        throw new GrimError(
          `its condition must be one boolean, got ${condition.type} [${condition.shape.join(',')}]`,
        );
      }
      const attributes = new NodeAttributes(node.attribute);
      const taken = attributes.graph(decision === 1n ? 'then_branch' : 'else_branch');
      if (scope.depth >= this.#limits.graphDepth) {
        throw new GrimError(`graphs are nested deeper than ${this.#limits.graphDepth}`);
      }
      if (taken.output.length !== node.output.length) {
        throw new GrimError(
          `its branch has ${taken.output.length} output(s), the node ${node.output.length}`,
        );
      }
      const branch = openScope(taken, scope);
      task.branch = branch;
      for (const { name } of taken.output) task.needs.push({ scope: branch, name });
      return true;
    });
  }

  #finish(task: Task): void {
    const { node, scope, branch } = task;
    const layer = describe(node, task.position);
    const results = withContext({ layer }, () => {
      if (branch) return branch.graph.output.map(({ name }) => this.#value(branch, name));
      return this.#evaluate(task);
    });
    node.output.forEach((name, position) => {
      if (name === '') return;
      const value = results === undefined ? refused : results[position];
      const problem = `uses ${name}, output ${position} of ${layer}, which is not supported`;
      const known = value ?? ({ kind: 'unavailable', problem } as const);
      // A computed constant gets the name of the first output that shows it.
      const named = known.kind === 'constant' && known.name === undefined ? { ...known, name } : known;
      scope.values.set(name, named);
    });
  }

  /** The results of a node; `undefined` when it, or something it needs, is not supported. */
  #evaluate(task: Task): readonly (Value | RefusedValue | undefined)[] | undefined {
    const { node, scope } = task;
    const name = nodeName(node, task.position);
    const importer = this.#importerOf(node);
    if (node.opType === 'If' && isDefaultDomain(node.domain)) {
      for (const { g } of node.attribute) if (g) this.#noteUnsupported(g);
      return undefined;
    }
    if (!importer) {
      this.#note(node, name);
      return undefined;
    }
    const operands: (Value | undefined)[] = [];
    for (const operand of node.input) {
      const value = operand === '' ? undefined : this.#value(scope, operand);
      if (value?.kind === 'refused') return undefined;
      operands.push(value);
    }
    const attributes = new NodeAttributes(node.attribute);
    const description = {
      name,
      opType: node.opType,
      opset: this.#opset,
      operands,
      outputs: node.output,
      attributes,
      linearBeforeReset: this.#options.linearBeforeReset,
    };
    const results = importer(new NodeContext(description, this.#builder, this.#source));
    const [unread] = attributes.unread;
    if (unread !== undefined)
      throw new GrimError(`attribute ${unread} is not supported in opset ${this.#opset}`);
    return results;
  }

  /** How nodes of an operator are imported: as ONNX defines it, or as the options map it to a function of the user's own. */
  #importerOf(node: NodeProto): OperatorImporter | undefined {
    const known = isDefaultDomain(node.domain) ? operatorImporters.get(node.opType) : undefined;
    if (known) return known;
    const { operators = {} } = this.#options;
    const name = operatorName(node);
    const mapping = Object.hasOwn(operators, name) ? operators[name] : undefined;
    return mapping && customOperator(mapping);
  }

  #note(node: NodeProto, name: string): void {
    this.#unsupported.push(`${operatorName(node)} (${name})`);
  }

  /** Notes what is not supported in a graph that cannot be evaluated. */
  #noteUnsupported(graph: GraphProto): void {
    const graphs = [graph];
    for (let next = graphs.pop(); next; next = graphs.pop()) {
      next.node.forEach((node, position) => {
        const isIf = node.opType === 'If';
        if (!(isIf && isDefaultDomain(node.domain)) && !this.#importerOf(node)) {
          this.#note(node, nodeName(node, position));
        }
        if (isIf) for (const { g } of node.attribute) if (g) graphs.push(g);
      });
    }
  }
}

/** The name of an operator, with its domain unless that is ONNX's own. */
function operatorName({ domain, opType }: NodeProto): string {
  return isDefaultDomain(domain) ? opType : `${domain}.${opType}`;
}

/** The name of a node, or one made from its operator and position. */
function nodeName(node: NodeProto, position: number): string {
  return node.name === '' ? `${node.opType}_${position}` : node.name;
}

function describe(node: NodeProto, position: number): string {
  return `${nodeName(node, position)} (${node.opType})`;
}

function unsupportedError(unsupported: readonly string[], opset: number): GrimError {
  const shown = 20;
  const rest = unsupported.length > shown ? ` and ${unsupported.length - shown} more` : '';
  return new GrimError(
    `${unsupported.length} operator(s) of opset ${opset} not supported: ${unsupported.slice(0, shown).join(', ')}${rest}`,
  );
}
