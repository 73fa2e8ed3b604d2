/** Adds the full stop that some messages of Graph and some findings lack. */
export function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
