import { join } from 'node:path';

import { requireToolchain } from '@grim/toolchains';

import { openDevice, type OpenclDevice } from '../../src/node.ts';

// PoCL compiles kernels slowly, so that what it has compiled is kept: in this workspace, not in the home directory.
process.env['POCL_CACHE_DIR'] ??= join(import.meta.dirname, '../../../../node_modules/.cache/pocl');

/** Whether the device that tests use is installed. */
export const hasDevice = requireToolchain('pocl') !== undefined;

/** The device that tests use; each file of tests has its own. */
export const openTestDevice = (): OpenclDevice => openDevice('pthread');
