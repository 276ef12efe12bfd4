import { GrimError } from '@grim/ir';
import type { OnnxRuntimeName } from './onnxruntime.ts';

/** The error of a command that was asked to use a package which is not there. */
export function notInstalled(name: OnnxRuntimeName): GrimError {
  return new GrimError(`${name} is not installed; get it with: npm install ${name}`);
}
