import { printable } from '../cli/printable.ts';

/** Text on one line that an XML document may hold: names in a model may hold anything. */
export function plotText(text: string): string {
  return printable(text).replaceAll(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd');
}
