import { GrimError, withContext, type CompiledProgram, type Plan } from '@grim/ir/program';
import { chooseVariant, type CodeVariant } from './choose-variant.ts';
import { requireFeatures } from './features.ts';
import { startThreads, type ThreadInfo } from './start-threads.ts';
import type { SharedInstance } from './thread-team.ts';

/** An instantiated program: code, linear memory and the session whose state lies in it. */
export interface Machine {
  readonly plan: Plan;
  readonly variant: CodeVariant;
  readonly threads: ThreadInfo;
  /** All of linear memory. It never grows, so views of it stay valid. */
  readonly memory: ArrayBufferLike;
  /** Runs the whole model. */
  readonly run: () => void;
  /** Runs one call of the plan each, in the order of `plan.calls`. */
  readonly calls: readonly (() => void)[];
  /** The session whose state is in linear memory. */
  active: StateOwner | undefined;
  /** Whether {@link Machine.close} was called, after which nothing may run. */
  isClosed: boolean;
  /** Ends the other threads. */
  readonly close: () => Promise<void>;
}

/** Something that keeps its state in linear memory while it is active. */
export interface StateOwner {
  /** Copies the state out of linear memory. */
  readonly leave: () => void;
}

const pageBytes = 65_536;

/** What the caller of `loadModel` chose. */
export interface MachineOptions {
  readonly strict: boolean;
  readonly threads: number;
}

/** Compiles and instantiates a program in memory of exactly the size that its plan asks for. */
export async function startMachine(
  program: CompiledProgram,
  { strict, threads: asked }: MachineOptions,
): Promise<Machine> {
  const { plan, image } = program;
  withContext({ layer: 'section plan' }, () => {
    requireFeatures(plan.features);
  });
  const { variant, code } = chooseVariant(program, strict);
  const module = await compile(code);
  checkInterface(module, plan);
  const memory = allocate(plan);
  const instance = await instantiate(module, memory);
  new Uint8Array(memory.buffer).set(image, plan.imageOffset);
  const entry = (name: string): (() => void) => instance.exports[name] as () => void;
  const { info, team } = await startThreads(plan, asked, (controlOffset) => ({
    module,
    memory,
    controlOffset,
    runPart: instance.exports['runPart'] as SharedInstance['runPart'],
  }));
  const machine: Machine = {
    plan,
    variant,
    threads: info,
    memory: memory.buffer,
    run: team?.run ?? entry('run'),
    calls: plan.calls.map((call) => entry(call.entry)),
    active: undefined,
    isClosed: false,
    close: async () => {
      machine.isClosed = true;
      await team?.close();
    },
  };
  return machine;
}

async function compile(code: Uint8Array): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(code as Uint8Array<ArrayBuffer>);
  } catch (error) {
    throw refusal(error, 'is not a valid WebAssembly module');
  }
}

async function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<WebAssembly.Instance> {
  try {
    return await WebAssembly.instantiate(module, { env: { memory } });
  } catch (error) {
    throw refusal(error, 'cannot be instantiated');
  }
}

/** What WebAssembly says about a module is a fault of the file; anything else is passed on. */
function refusal(error: unknown, problem: string): unknown {
  const known =
    error instanceof WebAssembly.CompileError ||
    error instanceof WebAssembly.LinkError ||
    error instanceof WebAssembly.RuntimeError ||
    // Memories and tables of the module's own that do not fit.
    error instanceof RangeError;
  return known ? codeError(`${problem}: ${error.message.replace(/\s+/g, ' ')}`) : error;
}

/** Only the memory comes in: a model can reach nothing of the page or process that runs it. */
function checkInterface(module: WebAssembly.Module, plan: Plan): void {
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (from === 'env' && name === 'memory' && kind === 'memory') continue;
    throw codeError(`imports ${kind} ${from}.${name}; a model may import only memory env.memory`);
  }
  const functions = new Set(
    WebAssembly.Module.exports(module).flatMap(({ name, kind }) => (kind === 'function' ? [name] : [])),
  );
  const entries = ['run', ...(plan.threads ? ['runPart'] : []), ...plan.calls.map((call) => call.entry)];
  for (const name of entries) {
    if (!functions.has(name)) throw codeError(`exports no function ${name}`);
  }
}

/** Code for threads needs memory that can be shared; pages may have it even where they may not give it to workers. */
function allocate({ memoryBytes: bytes, threads }: Plan): WebAssembly.Memory {
  const pages = Math.ceil(bytes / pageBytes);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: threads !== undefined });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GrimError(`this engine cannot give the ${bytes} bytes of memory that the model needs`);
  }
}

function codeError(problem: string): GrimError {
  return new GrimError(problem, { layer: 'section code' });
}
