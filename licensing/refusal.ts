/**
 * An error that explains why the program changed nothing: the problem, in the administrator's own names, and the
 * way out.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";

  /** Combines several stack file mistakes, each with its path, into one refusal. */
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
