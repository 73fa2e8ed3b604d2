import { join } from "node:path";

/** The parsed arguments of `npm run plan`. */
export interface PlanWords {
  readonly stack: string;
  /** The folder for the files. */
  readonly out: string;
  /** Arguments for the engine's preview, such as `--save-plan FILE`. */
  readonly others: readonly string[];
}

/** Separates our options, `--stack S` and `--out DIR`, from the engine's. `null` if no stack is named. */
export function formatPlan(words: readonly string[]): PlanWords | null {
  const found = new Map<string, string>();
  const others: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const [name = "", joined] = word.split(/=(.*)/s);
    const ours = OURS[name];
    if (ours === undefined) {
      others.push(word);
      continue;
    }
    found.set(ours, joined ?? words[at + 1] ?? "");
    if (joined === undefined) at += 1;
  }
  const stack = found.get("stack") ?? "";
  return stack === "" ? null : { stack, out: found.get("out") || join("plans", stack.replaceAll("/", "-")), others };
}

const OURS: Readonly<Record<string, string>> = { "--stack": "stack", "-s": "stack", "--out": "out" };
