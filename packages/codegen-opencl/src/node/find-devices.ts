import { GrimError } from '@grim/ir';

import { openclProfiles, type OpenclCapabilities } from '../capabilities.ts';
import { check, information, type Handle } from './calls.ts';
import { errorName } from './error-names.ts';
import { openclLibrary } from './opencl-library.ts';

/** A device of this machine. */
export interface OpenclDeviceInformation {
  readonly name: string;
  /** Version of OpenCL and of the driver, as the device tells it. */
  readonly version: string;
  /** What code for it may use. */
  readonly capabilities: OpenclCapabilities;
  /** Whether divisions and square roots can be rounded correctly, as strict code needs it. */
  readonly roundsCorrectly: boolean;
  readonly handle: Handle;
}

const ALL_DEVICES = 0xffffffffn;
const NOTHING_FOUND: readonly number[] = [-1, -1001];

const property = {
  maxWorkGroupSize: 0x1004,
  imageSupport: 0x1016,
  localMemSize: 0x1023,
  name: 0x102b,
  singleFloats: 0x101b,
  version: 0x102f,
  extensions: 0x1030,
  imageMaxBufferSize: 0x1040,
} as const;

const CORRECTLY_ROUNDED = 1n << 7n;

/** Handles that a function lists; none where it finds none. */
function list(name: 'clGetDeviceIDs' | 'clGetPlatformIDs', ...operands: unknown[]): Handle[] {
  const count = new Uint32Array(1);
  const status = Number(openclLibrary()[name](...operands, 0, null, count));
  if (NOTHING_FOUND.includes(status) || count[0] === 0) return [];
  if (status !== 0) throw new GrimError(`OpenCL: ${name} gives ${errorName(status)}`);
  const handles = new BigUint64Array(count[0] ?? 0);
  check(name, ...operands, handles.length, handles, null);
  return [...handles];
}

function describe(handle: Handle): OpenclDeviceInformation {
  const bytes = (parameter: number): Uint8Array => information('clGetDeviceInfo', handle, parameter);
  const text = (parameter: number): string =>
    new TextDecoder().decode(bytes(parameter)).replace(/\0.*$/s, '').trim();
  const integer = (parameter: number): bigint => {
    const padded = new Uint8Array(8);
    padded.set(bytes(parameter).subarray(0, 8));
    return new DataView(padded.buffer).getBigUint64(0, true);
  };
  const hasImages = integer(property.imageSupport) !== 0n;
  const name = text(property.name);
  return {
    name,
    version: text(property.version),
    capabilities: {
      ...openclProfiles.generic,
      device: name,
      groupItems: Number(integer(property.maxWorkGroupSize)),
      localBytes: Number(integer(property.localMemSize)),
      imageBytes: hasImages ? Number(integer(property.imageMaxBufferSize)) * 16 : 0,
      halfPrecision: text(property.extensions).split(' ').includes('cl_khr_fp16'),
    },
    roundsCorrectly: (integer(property.singleFloats) & CORRECTLY_ROUNDED) !== 0n,
    handle,
  };
}

/**
 * The OpenCL devices of this machine, of all drivers.
 *
 * @throws GrimError where there is no OpenCL at all.
 */
export function findDevices(): OpenclDeviceInformation[] {
  return list('clGetPlatformIDs').flatMap((platform) =>
    list('clGetDeviceIDs', platform, ALL_DEVICES).map(describe),
  );
}
