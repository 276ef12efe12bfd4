/**
 * Text from a model as part of a C comment: whatever it holds, it neither ends the comment, nor begins another, nor continues the line
 * (as a backslash does, and the trigraph of one).
 */
export function commentText(text: string): string {
  return text
    .replaceAll(/\p{C}|\\/gu, ' ')
    .replaceAll('??', '? ?')
    .replaceAll('*/', '* /')
    .replaceAll('/*', '/ *');
}
