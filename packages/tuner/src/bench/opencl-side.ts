import type { DeviceModel } from '@grim/codegen-opencl/node';
import type { Graph } from '@grim/ir';
import { withContext } from '@grim/ir';
import type { Frames } from '../run/read-frames.ts';
import type { Side } from './measure-rounds.ts';

/** A model on a device, as one of the sides that are compared. */
export interface OpenclSide extends Side {
  /** Gives the device back, with all that is on it. */
  readonly close: () => void;
}

/**
 * Puts a model on an OpenCL device of this machine. A timed run copies the inputs there, computes, and copies the outputs back.
 *
 * @param file - Path of the model, for error messages.
 * @param device - A part of the device's name; the first device for an empty one.
 * @param strict - Whether products and sums are rounded one by one.
 * @throws GrimError where there is no OpenCL or no such device, or its driver refuses the model.
 */
export async function openclSide(
  file: string,
  graph: Graph,
  frames: Frames,
  { device: name, strict }: { readonly device: string; readonly strict: boolean },
): Promise<OpenclSide> {
  const [{ gridTarget, strict: roundedTwice }, { openDevice, openProgram }, { lowerGraph }] =
    await Promise.all([
      import('@grim/codegen-opencl'),
      import('@grim/codegen-opencl/node'),
      import('@grim/kernels'),
    ]);
  const device = openDevice(name);
  let model: DeviceModel;
  try {
    const capabilities = strict ? roundedTwice(device.capabilities) : device.capabilities;
    model = withContext({ file }, () =>
      openProgram(device, lowerGraph(graph, { grid: gridTarget(capabilities) }), capabilities),
    );
  } catch (error) {
    device.close();
    throw error;
  }
  return {
    name: `opencl ${device.name}`,
    run: (call) => model.run(frames.at(call % frames.count)),
    prepare: model.reset,
    close: device.close,
  };
}
