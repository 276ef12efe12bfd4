#!/usr/bin/env node
import { main } from './cli/main.ts';

// A reader that has seen enough (`grim inspect … | head`) is no error, and no reason to change the exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Set and not `process.exit`, which would cut off output that is still on its way into a pipe.
void main(process.argv.slice(2), process).then((exitCode) => {
  process.exitCode = exitCode;
});
