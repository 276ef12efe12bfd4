import { workspaceRoot } from '../../workspace/src/published-packages.ts';
import { budgets } from './budgets.ts';
import { bundleSize } from './bundle-size.ts';

// Measures what was built. The folder is one of the workspace from which every package is found.
let isOver = false;
for (const { name, code, gzipLimit } of budgets) {
  const { minified, gzip } = await bundleSize(code, { folder: `${workspaceRoot}/tools` });
  const verdict = gzip <= gzipLimit ? 'within' : 'OVER';
  isOver ||= gzip > gzipLimit;
  console.log(`${name}: ${minified} bytes minified, ${gzip} gzip, ${verdict} the limit of ${gzipLimit}`);
}
process.exitCode = isOver ? 1 : 0;
