// Run where the tarballs are installed: writes the graph of a small network to the file named by the first parameter, for
// `grim compile`, and prints what the reference says it gives, as JSON `{ frames, expected }`.
import { writeFileSync } from 'node:fs';
import { writeArtefact } from '@grim/ir';
import { expected, frames, graph } from './sample-network.mjs';

const provenance = { grimVersion: '0.1.0', options: {} };
writeFileSync(process.argv[2], writeArtefact({ graph, provenance }));
console.log(JSON.stringify({ frames, expected }));
