import { GrimError } from '@grim/ir';
import type { OperatorImporter } from './operator-importer.ts';

/** `Identity` leaves nothing behind. */
export const identity: OperatorImporter = (node) => [node.operand(0, 'input')];

/** `Dropout` at inference passes its input on. The mask, which nobody needs then, is not supported. */
export const dropout: OperatorImporter = (node) => {
  node.attributes.ignore('ratio', 'seed');
  if (node.opset >= 12 && (node.optionalScalar(2, 'training_mode') ?? 0) !== 0) {
    throw new GrimError('training mode is not supported');
  }
  return [node.operand(0, 'data')];
};
