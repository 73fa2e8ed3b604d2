/** A line of this command to copy: the same in a checkout and in a repository of one's own, whose npm finds the command. */
export function typed(words: string): string {
  return `npx entra-licensing ${words}`;
}
