import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bcrcCodec } from '@grim/bcr';
import { readArtefact, writeArtefact, type Graph } from '@grim/ir';
import { sync as writeFileAtomic } from 'write-file-atomic';
import type { AccuracyCell, StoredResult } from '../task.ts';
import { cellName } from './cell-name.ts';

/** Results of cells in a folder, each with its model. */
export interface CellStore {
  /** The folder of a cell, made when it is not there. */
  readonly folderOf: (cell: AccuracyCell) => string;
  /** What was kept for a cell under the same recipe. */
  readonly read: (cell: AccuracyCell) => StoredResult | undefined;
  readonly write: (cell: AccuracyCell, result: StoredResult) => void;
  /** Seconds that runs which were stopped have spent on a cell under the same recipe. */
  readonly spent: (cell: AccuracyCell) => number;
  readonly writeSpent: (cell: AccuracyCell, seconds: number) => void;
}

/** What `spent.json` holds. */
interface SpentFile {
  readonly recipe: string;
  readonly seconds: number;
}

/** What `result.json` holds beside the model. */
interface ResultFile extends SpentFile {
  readonly score: number;
}

/** Opens a folder of results; several processes may work in it, on different cells. */
export function openCellStore(folder: string): CellStore {
  const folderOf = ({ key }: AccuracyCell): string => {
    const own = join(folder, cellName(key).replaceAll(' ', '-'));
    mkdirSync(own, { recursive: true });
    return own;
  };
  return {
    folderOf,
    read: (cell) => {
      const own = folderOf(cell);
      const result = readJson(join(own, 'result.json')) as ResultFile | undefined;
      if (result?.recipe !== cell.recipe) return undefined;
      const { graph } = readArtefact(readFileSync(join(own, 'model.grim')), { codecs: [bcrcCodec] });
      return graph && { score: result.score, seconds: result.seconds, graph };
    },
    write: (cell, { score, seconds, graph }) => {
      const own = folderOf(cell);
      writeFileAtomic(join(own, 'model.grim'), Buffer.from(graphBytes(graph, cell)));
      // Last: where it is, the model is.
      const result: ResultFile = { recipe: cell.recipe, score, seconds };
      writeFileAtomic(join(own, 'result.json'), `${JSON.stringify(result)}\n`);
      rmSync(join(own, 'spent.json'), { force: true });
    },
    spent: (cell) => {
      const spent = readJson(join(folderOf(cell), 'spent.json')) as SpentFile | undefined;
      return spent?.recipe === cell.recipe ? spent.seconds : 0;
    },
    writeSpent: (cell, seconds) => {
      const spent: SpentFile = { recipe: cell.recipe, seconds };
      writeFileAtomic(join(folderOf(cell), 'spent.json'), `${JSON.stringify(spent)}\n`);
    },
  };
}

function graphBytes(graph: Graph, { key, recipe }: AccuracyCell): Uint8Array {
  return writeArtefact(
    {
      graph,
      provenance: {
        grimVersion: 'workspace',
        options: { cell: cellName(key), recipe },
      },
    },
    { codecs: [bcrcCodec] },
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
