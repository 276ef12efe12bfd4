import manifest from '../package.json' with { type: 'json' };

/** Version of this package; all packages of GRIM share it. */
export const version: string = manifest.version;
