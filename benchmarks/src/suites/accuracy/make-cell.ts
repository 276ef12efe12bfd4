import { cellName } from './cells/cell-name.ts';
import { cellMaker } from './cells/make-cells.ts';
import { openAccuracyStore } from './cells/open-accuracy-store.ts';
import { tasks } from './tasks.ts';

// A process that makes one cell: `make-cell.ts NAME [--quick]`. It sends lines of progress, and ends with the process that started it.
const [wanted, ...flags] = process.argv.slice(2);
const quick = flags.includes('--quick');
const cell = tasks.flatMap((task) => task.cells(quick)).find(({ key }) => cellName(key) === wanted);
if (!cell) throw new Error(`there is no cell '${wanted}'`);

process.on('disconnect', () => process.exit(1));
await cellMaker({
  store: openAccuracyStore(quick),
  quick,
  progress: (line) => process.send?.(line),
})(cell);
process.exit(0);
