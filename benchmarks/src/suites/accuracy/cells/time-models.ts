import { elementCount, type Graph } from '@grim/ir';
import { measureInterleaved, type Side } from '@grim/tools/measure-interleaved';
import { compileModel, type ShippedModel } from './compile-model.ts';

/** A pruned model beside its dense one. */
export interface ModelTiming {
  readonly denseBytes: number;
  readonly bytes: number;
  readonly denseMicroseconds: number;
  readonly microseconds: number;
  /** Time of the dense model over that of the pruned one, the median of rounds. */
  readonly speedUp: number;
}

/** Compiles both and times one run of each by turns, on one thread, on the same inputs. */
export async function timeModels(dense: Graph, pruned: Graph, quick: boolean): Promise<ModelTiming> {
  const sides = { dense: await compileModel(dense), pruned: await compileModel(pruned) };
  const inputs = Object.fromEntries(
    dense.inputs.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: elementCount(shape) }, (_, index) => Math.sin(index)),
    ]),
  );
  const side = ({ session }: ShippedModel): Side => ({ run: () => session.run(inputs) });
  const timings = await measureInterleaved(
    { dense: side(sides.dense), pruned: side(sides.pruned) },
    { rounds: quick ? 5 : 40, callsPerRound: 20, settlingCalls: 3, warmupRounds: quick ? 1 : 5 },
  );
  return {
    denseBytes: sides.dense.fileBytes,
    bytes: sides.pruned.fileBytes,
    denseMicroseconds: timings.sides.dense.p50,
    microseconds: timings.sides.pruned.p50,
    speedUp: timings.ratio('dense', 'pruned'),
  };
}
