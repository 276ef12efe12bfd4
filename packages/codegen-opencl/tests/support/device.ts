import { requireToolchain } from '@grim/toolchains';

import { openDevice, type OpenclDevice } from '../../src/node.ts';

/** Whether the device that tests use is installed. */
export const hasDevice = requireToolchain('pocl') !== undefined;

/** The device that tests use; each file of tests has its own. */
export const openTestDevice = (): OpenclDevice => openDevice('pthread');
