// @ts-check
// `node --import ./tools/typescript/src/register.mjs program.ts` runs TypeScript on every Node we support.
//
// Only files of TypeScript are touched. A loader that also rewrites JavaScript spends five seconds on binaryen alone.
import { register } from 'node:module';

register(new URL('hooks.mjs', import.meta.url));
process.setSourceMapsEnabled(true);
