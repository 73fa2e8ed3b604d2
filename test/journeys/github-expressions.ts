import { runInNewContext } from "node:vm";

/** What expressions see: `{inputs: {stack: "contoso"}, …}`. A context that is missing is an error; one of its values is empty. */
export type Contexts = Readonly<Record<string, unknown>>;

/** How the steps before one ended. */
export interface Status {
  readonly isDone: boolean;
}

/** Evaluates an expression of GitHub's workflow syntax, as far as the workflows of this project use it. */
export function evaluate(expression: string, contexts: Contexts, { isDone }: Status = { isDone: true }): unknown {
  const functions = {
    always: () => true,
    success: () => isDone,
    contains: (text: string, part: string) => text.includes(part),
    fromJSON: (text: string) => JSON.parse(text) as unknown,
  };
  const words = expression
    .split(/('(?:[^']|'')*')/)
    .map((part) =>
      part.startsWith("'") ? JSON.stringify(part.slice(1, -1).replaceAll("''", "'")) : part.replace(PATH, "at(`$&`)"),
    );
  const at = (path: string): unknown => {
    const [context = "", ...keys] = path.split(".");
    if (!(context in contexts)) throw new Error(`this runner does not know ${path}`);
    return keys.reduce<unknown>((value, key) => (value as Contexts | undefined)?.[key], contexts[context]) ?? "";
  };
  return runInNewContext(words.join(""), { ...functions, at }) as unknown;
}

/** `needs.stacks.outputs.stacks`: a word with a dot, and no number. */
const PATH = /\b[a-z][\w-]*(?:\.[\w-]+)+/gi;

/** A text with all its `${{ … }}` replaced. */
export function filled(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{ *(.+?) *\}\}/g, (_, expression: string) => String(evaluate(expression, contexts)));
}

/** An `if:` without a status function asks that all before it went well. */
export function isMet(condition: string | undefined, contexts: Contexts, status: Status): boolean {
  if (condition === undefined) return status.isDone;
  const asksStatus = /\b(always|success|failure|cancelled)\(\)/.test(condition);
  return (asksStatus || status.isDone) && Boolean(evaluate(condition, contexts, status));
}
