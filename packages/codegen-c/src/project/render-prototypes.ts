import { commentText } from '../comment-text.ts';
import { parameterList, type PortParameter } from '../port-parameters.ts';

/** What the functions that run a model take and give. */
export interface PrototypeFacts {
  readonly prefix: string;
  readonly parameters: readonly PortParameter[];
  readonly isRecurrent: boolean;
  /** What a function returns that can fail: the line of its comment. Functions return nothing where it is absent. */
  readonly status?: string;
  /** What the comment of a step says about memory. */
  readonly allocation?: string;
}

/** A port as a line of a comment: its parameter, its shape, its name in the model where that is another. */
function portLine({ direction, port, name }: PortParameter): string {
  const original = name === `${direction}_${port.name}` ? '' : ` ("${commentText(port.name)}")`;
  return ` * @param ${name} ${[...port.shape, ''].join(' × ').slice(0, -3) || '1'} floats, row-major${original}`;
}

/** The documented prototypes of the functions that run a model: `run`, and `reset` and `step` where it has states. */
export function renderPrototypes(facts: PrototypeFacts): string {
  const { prefix, parameters, isRecurrent, status, allocation = 'Allocates nothing.' } = facts;
  const type = status === undefined ? 'void' : 'int';
  const returns = status === undefined ? '' : `\n * @return ${status}`;
  const step = (name: string, does: string): string => `/**
 * ${does}${allocation === '' ? '' : ` ${allocation}`}
 *
 * @param context from ${prefix}_init; one thread at a time
${parameters.map(portLine).join('\n')}${returns}
 */
${type} ${prefix}_${name}(${prefix}_context *context, ${parameterList(parameters)});`;
  if (!isRecurrent) return step('run', 'Runs the model once.');
  return `/** Sets the states to what they were before the first step, as after ${prefix}_init. */
${type} ${prefix}_reset(${prefix}_context *context);

${step('step', 'Takes one step: the states are those that the step before left, and carry over to the next.')}

/** Runs the model on its own: ${prefix}_reset, then ${prefix}_step. */
${type} ${prefix}_run(${prefix}_context *context, ${parameterList(parameters)});`;
}
