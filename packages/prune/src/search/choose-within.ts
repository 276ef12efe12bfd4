/** One of the things that can be done with an item. */
export interface Choice {
  /** What it takes of the limit. */
  readonly cost: number;
  /** What is to be little in all. */
  readonly loss: number;
}

/** One choice per item. */
export interface Chosen {
  /** Position of the choice of each item. */
  readonly choices: readonly number[];
  readonly cost: number;
  readonly loss: number;
  /** No other choices within the limit have a loss below this: the loss itself where the answer is known to be the best. */
  readonly bound: number;
}

/** Sums of choices so far that are kept beside each other; beyond them the least promising are given up. */
const maximumStates = 20_000;

/** How far sums may be above the limit by rounding, relative to it. */
const tolerance = 1e-9;

/**
 * Chooses one way for each item so that the sum of the costs is within a limit and that of the losses least: the multiple-choice
 * knapsack problem.
 *
 * Exact as far as memory goes: partial sums of which none is better in both are extended item by item (Nemhauser and Ullmann, 1969),
 * and given up when not even fractions of the choices left, along the convex hull of each item (the linear relaxation; Sinha and
 * Zoltners, 1979), could improve on the best answer known. The same input gives the same answer.
 *
 * @param items - Choices of each item, at least one; costs and losses are finite and at least 0.
 * @param limit - The most that the costs may add up to.
 * @returns The choices, or `undefined` when the cheapest ones exceed the limit.
 */
export function chooseWithin(items: readonly (readonly Choice[])[], limit: number): Chosen | undefined {
  const most = limit + Math.abs(limit) * tolerance;
  // Items with much to decide come first, so that those after them can fill what is left.
  const order = [...items.keys()].sort((a, b) => range(items[b]) - range(items[a]) || a - b);
  const frontiers = order.map((item) => frontierOf(items[item] ?? []));
  const relaxed = relaxation(frontiers);
  const start = roundedDown(frontiers, most);
  if (!start) return undefined;

  let states: State[] = [{ cost: 0, loss: 0, bound: 0 }];
  let givenUp = Infinity;
  for (const [index, frontier] of frontiers.entries()) {
    const extended: State[] = [];
    for (const before of states) {
      for (const choice of frontier) {
        const [cost, loss] = [before.cost + choice.cost, before.loss + choice.loss];
        const bound = loss + relaxed(index + 1, most - cost);
        if (bound < start.loss) extended.push({ cost, loss, bound, before, position: choice.position });
      }
    }
    states = undominated(extended);
    if (states.length > maximumStates) {
      states.sort((a, b) => a.bound - b.bound || a.cost - b.cost);
      givenUp = Math.min(givenUp, states[maximumStates]?.bound ?? Infinity);
      states = states.slice(0, maximumStates);
    }
  }
  const best = states.reduce<State | undefined>(
    (least, state) => (least && least.loss <= state.loss ? least : state),
    undefined,
  );
  const positions = best ? positionsOf(best) : start.positions;
  const choices = new Array<number>(items.length).fill(0);
  for (const [index, item] of order.entries()) choices[item] = positions[index] ?? 0;
  const sum = (key: keyof Choice): number =>
    choices.reduce((total, position, item) => total + (items[item]?.[position]?.[key] ?? 0), 0);
  const loss = sum('loss');
  return { choices, cost: sum('cost'), loss, bound: Math.min(loss, givenUp) };
}

/** Sums over the first items. */
interface State extends Choice {
  /** The least loss that any choices of the other items could give. */
  readonly bound: number;
  readonly before?: State;
  /** Position of the choice of the last item. */
  readonly position?: number;
}

/** A choice and where it stands among those of its item. */
interface PlacedChoice extends Choice {
  readonly position: number;
}

function range(choices: readonly Choice[] = []): number {
  const costs = choices.map(({ cost }) => cost);
  return Math.max(...costs) - Math.min(...costs);
}

/** The choices that are worth it, from the cheapest to that with the least loss. */
function frontierOf(choices: readonly Choice[]): PlacedChoice[] {
  return undominated(choices.map((choice, position) => ({ ...choice, position })));
}

/** Leaves out what costs no less and loses no less than something else; by rising cost. */
function undominated<T extends Choice>(choices: T[]): T[] {
  choices.sort((a, b) => a.cost - b.cost || a.loss - b.loss);
  let least = Infinity;
  return choices.filter(({ loss }) => {
    if (loss >= least) return false;
    least = loss;
    return true;
  });
}

/** Going from one choice of an item on its hull to the next one, which costs more and loses less. */
interface Step {
  /** The item, and the choice that it leads to. */
  readonly item: number;
  readonly to: PlacedChoice;
  readonly cost: number;
  readonly gain: number;
}

/** Steps of all items, those that gain most for their cost first; the steps of one item stay in order. */
function stepsOf(frontiers: readonly (readonly PlacedChoice[])[]): Step[] {
  const steps = frontiers.flatMap((frontier, item) => {
    const hull: PlacedChoice[] = [];
    for (const choice of frontier) {
      for (;;) {
        const [before, last] = [hull.at(-2), hull.at(-1)];
        if (!before || !last) break;
        const isBelow =
          (before.loss - last.loss) * (choice.cost - last.cost) >
          (last.loss - choice.loss) * (last.cost - before.cost);
        if (isBelow) break;
        hull.pop();
      }
      hull.push(choice);
    }
    return hull.slice(1).map((to, index): Step => {
      const from = hull[index] ?? to;
      return { item, to, cost: to.cost - from.cost, gain: from.loss - to.loss };
    });
  });
  return steps.sort((a, b) => b.gain * a.cost - a.gain * b.cost || a.item - b.item || a.to.cost - b.to.cost);
}

/** Tells the least loss of the items from one on within a limit, when fractions of choices are allowed. */
function relaxation(
  frontiers: readonly (readonly PlacedChoice[])[],
): (first: number, limit: number) => number {
  const steps = stepsOf(frontiers);
  const suffixes = Array.from({ length: frontiers.length + 1 }, (_, first) => {
    const rest = frontiers.slice(first);
    const own = steps.filter(({ item }) => item >= first);
    const [costs, losses] = [new Float64Array(own.length + 1), new Float64Array(own.length + 1)];
    costs[0] = rest.reduce((sum, [cheapest]) => sum + (cheapest?.cost ?? 0), 0);
    losses[0] = rest.reduce((sum, [cheapest]) => sum + (cheapest?.loss ?? 0), 0);
    for (const [index, { cost, gain }] of own.entries()) {
      costs[index + 1] = (costs[index] ?? 0) + cost;
      losses[index + 1] = (losses[index] ?? 0) - gain;
    }
    return { costs, losses };
  });
  return (first, limit) => {
    const { costs, losses } = suffixes[first] ?? { costs: [0], losses: [0] };
    if (limit < (costs[0] ?? 0)) return Infinity;
    let [low, high] = [0, costs.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((costs[middle] ?? 0) <= limit) low = middle;
      else high = middle - 1;
    }
    const [cost, loss] = [costs[low] ?? 0, losses[low] ?? 0];
    const [nextCost, nextLoss] = [costs[low + 1], losses[low + 1]];
    if (nextCost === undefined || nextLoss === undefined) return loss;
    return loss - ((loss - nextLoss) * (limit - cost)) / (nextCost - cost);
  };
}

/** An answer to begin with: whole steps, those that gain most first, as far as they fit. */
function roundedDown(
  frontiers: readonly (readonly PlacedChoice[])[],
  limit: number,
): { readonly positions: readonly number[]; readonly loss: number } | undefined {
  const taken = frontiers.map(([cheapest]) => cheapest);
  const sum = (key: keyof Choice): number => taken.reduce((total, choice) => total + (choice?.[key] ?? 0), 0);
  let cost = sum('cost');
  if (cost > limit) return undefined;
  const stopped = new Set<number>();
  for (const step of stepsOf(frontiers)) {
    if (stopped.has(step.item)) continue;
    if (cost + step.cost > limit) {
      stopped.add(step.item);
      continue;
    }
    cost += step.cost;
    taken[step.item] = step.to;
  }
  return { positions: taken.map((choice) => choice?.position ?? 0), loss: sum('loss') };
}

function positionsOf(state: State): number[] {
  const positions: number[] = [];
  for (let at: State | undefined = state; at?.position !== undefined; at = at.before)
    positions.unshift(at.position);
  return positions;
}
