import { dirname, resolve } from 'node:path';
import { GrimError } from '@grim/ir';
import type { CustomOperatorMapping, CustomResultShape } from '@grim/onnx';
import { namingFile } from '../files/naming-file.ts';
import { readInputFile } from '../files/read-input-file.ts';

/** Operators of a user's own: the C files that hold them, and the ONNX operators that they stand for. */
export interface OperatorsFile {
  /** Absolute paths of C files. */
  readonly sources: readonly string[];
  /** Absolute paths of folders with headers. */
  readonly includeFolders: readonly string[];
  /** Macros: their text, or `true` for one that is 1. */
  readonly defines: Readonly<Record<string, string | true>>;
  /** Functions by ONNX operator, with its domain before a dot. */
  readonly operators: Readonly<Record<string, CustomOperatorMapping>>;
}

/** A file of this kind has a few lines. */
const maximumBytes = 2 ** 20;

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, what: string, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GrimError(`${what} must be an object`);
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new GrimError(`${what} has no ${unknown}; it has ${known.join(', ')}`);
  return value as Fields;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function textsOf(value: unknown, what: string): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isText)) throw new GrimError(`${what} must be a list of texts`);
  return value;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

function resultOf(value: unknown, what: string): CustomResultShape {
  const { like, shape } = fieldsOf(value, what, ['like', 'shape']);
  if (shape === undefined && isCounts([like])) return { like: like as number };
  if (like === undefined && isCounts(shape)) return { shape };
  throw new GrimError(`${what} must be { "like": operand } or { "shape": [extents] }`);
}

function attributesOf(value: unknown, what: string): NonNullable<CustomOperatorMapping['attributes']> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GrimError(`${what} must be an object`);
  }
  const isNumber = (number: unknown): boolean => typeof number === 'number' && Number.isFinite(number);
  const wrong = Object.entries(value).find(
    ([, fallback]) =>
      fallback !== null && !isNumber(fallback) && !(Array.isArray(fallback) && fallback.every(isNumber)),
  );
  if (wrong) throw new GrimError(`${what}.${wrong[0]} must be a number, a list of numbers, or null`);
  return value as NonNullable<CustomOperatorMapping['attributes']>;
}

function mappingOf(value: unknown, what: string): CustomOperatorMapping {
  const fields = fieldsOf(value, what, ['function', 'attributes', 'results']);
  const { function: name, attributes, results } = fields;
  if (!isText(name)) throw new GrimError(`${what}.function must name a function of C`);
  if (!Array.isArray(results) || results.length === 0) {
    throw new GrimError(`${what}.results must be a list of shapes`);
  }
  return {
    function: name,
    ...(attributes !== undefined && { attributes: attributesOf(attributes, `${what}.attributes`) }),
    results: results.map((result, index) => resultOf(result, `${what}.results[${index}]`)),
  };
}

function definesOf(value: unknown): Record<string, string | true> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GrimError('defines must be an object');
  }
  const wrong = Object.entries(value).find(([, text]) => text !== true && typeof text !== 'string');
  if (wrong) throw new GrimError(`defines.${wrong[0]} must be a text, or true`);
  return value as Record<string, string | true>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new GrimError(`is no JSON: ${(error as Error).message}`);
  }
}

/**
 * Reads a file with operators of a user's own. Paths in it are relative to its folder.
 *
 * @throws GrimError naming the file and what is wrong in it.
 */
export async function readOperatorsFile(file: string): Promise<OperatorsFile> {
  const bytes = await readInputFile(file);
  return namingFile(file, () => {
    if (bytes.length > maximumBytes)
      throw new GrimError(`has ${bytes.length} bytes, at most ${maximumBytes}`);
    const all = ['sources', 'includeFolders', 'defines', 'operators'];
    const {
      sources,
      includeFolders,
      defines = {},
      operators,
    } = fieldsOf(parse(new TextDecoder().decode(bytes)), 'the file', all);
    const inFolder = (path: string): string => resolve(dirname(file), path);
    if (typeof operators !== 'object' || operators === null || Array.isArray(operators)) {
      throw new GrimError('operators must be an object, by ONNX operator');
    }
    return {
      sources: textsOf(sources, 'sources').map(inFolder),
      includeFolders: textsOf(includeFolders, 'includeFolders').map(inFolder),
      defines: definesOf(defines),
      operators: Object.fromEntries(
        Object.entries(operators).map(([name, mapping]) => [name, mappingOf(mapping, `operators.${name}`)]),
      ),
    };
  });
}
