export type { OpenclDeviceInformation } from './node/find-devices.ts';
export { findDevices } from './node/find-devices.ts';
export {
  openDevice,
  type DeviceArgument,
  type DeviceMemory,
  type DeviceProgram,
  type OpenclDevice,
} from './node/open-device.ts';
export { openProgram, type DeviceModel } from './node/open-program.ts';
