import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import type { SafetyCheck } from "./checks";

/** The statement that is a safety check, found by the comment `// check: NAME` before it. */
export interface Anchor {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const ROOT = resolve(__dirname, "..", "..");
const FOLDERS = ["components", "dynamic-providers", "graph", "licensing", "tenant"];
const MARK = "// check: ";

/** All anchors in the product's code, in the order of the files. */
export function anchorsInCode(): readonly Anchor[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(ROOT, folder, name)),
  )
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .flatMap(anchorsOf);
}

/**
 * The text of the file without the check.
 *
 * @throws Error unless the part to change is found exactly once in the statement
 */
export function textWithout({ name, change }: SafetyCheck, { file, text, start, end }: Anchor): string {
  const statement = text.slice(start, end);
  const [part, instead] = change ?? [statement, ""];
  const times = statement.split(part).length - 1;
  if (times !== 1) throw new Error(`"${part}" is ${times} times in the check "${name}" of ${file}`);
  return text.slice(0, start) + statement.replace(part, () => instead) + text.slice(end);
}

function anchorsOf(file: string): readonly Anchor[] {
  const text = readFileSync(file, "utf8");
  if (!text.includes(MARK)) return [];
  const found = new Map<number, Anchor>();
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) {
      const comment = text.slice(pos, end);
      // Outer nodes are visited first, and the outermost one that begins here is the statement.
      if (node === source || found.has(pos) || !comment.startsWith(MARK)) continue;
      found.set(pos, {
        name: comment.slice(MARK.length),
        file,
        text,
        start: node.getStart(source),
        end: node.getEnd(),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found.values()];
}
