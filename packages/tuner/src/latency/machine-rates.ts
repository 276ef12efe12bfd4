/** What one core does in a second, for estimates. */
export interface MachineRates {
  /** What machine it is, in words. */
  readonly device: string;
  /** Operations on 32-bit floats per second, a multiply-add being one. */
  readonly operations: number;
  /** Bytes per second loaded and stored where the first cache holds them. */
  readonly cachedBytes: number;
  /** Distinct bytes per second moved: those that come from the second cache. */
  readonly movedBytes: number;
  /** Seconds that starting one kernel takes. */
  readonly callSeconds: number;
}

/**
 * A core of an x86-64 server that runs WebAssembly with 128-bit vectors. Operations and moved bytes are what `npm run bench -- limits`
 * reached in sparse convolutions and products whose weights the second cache holds; cached bytes are two loads of a vector in each
 * cycle of 2 GHz.
 */
export const defaultMachineRates: MachineRates = {
  device: 'a core of an x86-64 server, 128-bit vectors',
  operations: 16e9,
  cachedBytes: 64e9,
  movedBytes: 45e9,
  callSeconds: 1e-7,
};
