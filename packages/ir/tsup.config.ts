import { libraryBuild } from '../../tsup.base.ts';

/** Both entries share chunks, so that there is one `GrimError` whichever of them it comes from. */
export default libraryBuild({ entry: ['src/index.ts', 'src/program.ts'], splitting: true });
