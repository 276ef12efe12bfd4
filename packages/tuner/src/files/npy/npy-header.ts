import { GrimError } from '@grim/ir';

/** What the header of a `.npy` file says. */
export interface NpyHeader {
  /** Type of an element, e.g. `<f4`. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** Token by token, each anchored where the last one ended, so that no input takes more than linear time. */
const tokens = /\s*(?:('[^'\\]*')|(True|False)|(\d{1,16})|([{}(),:]))/y;

/** More dimensions than NumPy has. */
const maximumRank = 64;

function tokenize(text: string): string[] {
  const found: string[] = [];
  tokens.lastIndex = 0;
  while (tokens.lastIndex < text.length) {
    const start = tokens.lastIndex;
    const match = tokens.exec(text);
    if (!match) {
      if (text.slice(start).trim() === '') break;
      throw new GrimError(
        `the .npy header holds ${JSON.stringify(text.slice(start, start + 16))}, which is not understood`,
      );
    }
    found.push(match[0].trim());
  }
  return found;
}

/**
 * Parses the dictionary in the header of a `.npy` file: the three keys of the format, in any order, and nothing else.
 *
 * @throws GrimError when the text is anything else.
 */
export function parseNpyHeader(text: string): NpyHeader {
  const found = tokenize(text);
  let at = 0;
  const take = (): string => found[at++] ?? '';
  const expect = (token: string): void => {
    const got = take();
    if (got !== token) throw new GrimError(`the .npy header has ${got || 'its end'} where ${token} belongs`);
  };
  const values = new Map<string, string | readonly number[]>();
  expect('{');
  while (found[at] !== '}') {
    const key = take();
    expect(':');
    values.set(key, found[at] === '(' ? takeShape(take, () => found[at] ?? '') : take());
    if (found[at] !== '}') expect(',');
  }
  expect('}');
  if (at !== found.length) throw new GrimError('the .npy header goes on after its dictionary');
  const [descr, order, shape] = ["'descr'", "'fortran_order'", "'shape'"].map((key) => values.get(key));
  if (values.size !== 3 || typeof descr !== 'string' || typeof order !== 'string' || !Array.isArray(shape)) {
    throw new GrimError('the .npy header must give descr, fortran_order and shape, each once');
  }
  if (!/^'.*'$/.test(descr) || !/^(True|False)$/.test(order)) {
    throw new GrimError('the .npy header has a descr or fortran_order of the wrong type');
  }
  return { descr: descr.slice(1, -1), fortranOrder: order === 'True', shape: shape as readonly number[] };
}

function takeShape(take: () => string, peek: () => string): readonly number[] {
  const shape: number[] = [];
  take();
  while (peek() !== ')') {
    const extent = take();
    if (!/^\d+$/.test(extent) || !Number.isSafeInteger(Number(extent))) {
      throw new GrimError(`the .npy header has ${extent || 'its end'} in the shape`);
    }
    shape.push(Number(extent));
    if (shape.length > maximumRank) throw new GrimError(`an array of more than ${maximumRank} dimensions`);
    if (peek() !== ')' && take() !== ',') throw new GrimError('the .npy header has a shape without commas');
  }
  take();
  return shape;
}
