/**
 * The first block of TypeScript in a README: the example that runs as it stands.
 *
 * @param markdown - text of the README
 * @returns the code with its final line break, or undefined when there is no closed block marked `ts`
 */
export function extractExample(markdown: string): string | undefined {
  return /^```ts\n(.*?\n)```$/ms.exec(markdown)?.[1];
}
