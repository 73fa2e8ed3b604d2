/** Messages of Graph and of findings end with a full stop or without one. */
export function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
