import { identifier } from '@grim/codegen-c';

/** Longest name of a function: drivers make file names of them. */
const LONGEST = 120;

/** A hash of a text (FNV-1a, 32 bits), in letters and digits. */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return state.toString(36);
}

/** The name of a kernel's function: the kernel's own name, shortened where it is too long for a driver. */
export function functionName(kernel: { readonly name: string }): string {
  const name = identifier(kernel.name);
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 8)}_${hash(name)}`;
}
