/** Why nothing was done, as a small runbook: what is wrong, with the caller's own names, and the way out. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  /** One refusal for several mistakes of the stack file, each by its path. */
  static ofMistakes(mistakes: readonly { readonly path: string; readonly message: string }[]): Refusal {
    const lines = mistakes.map(({ path, message }) => `  ${path} ${message}`);
    return new Refusal(
      [
        `The stack file cannot be used; nothing was changed. Mend ${mistakes.length === 1 ? "this" : "these"}:`,
        ...lines,
      ].join("\n"),
    );
  }
}
