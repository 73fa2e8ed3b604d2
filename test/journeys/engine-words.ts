import type { EngineRun } from "../../cli/engine/local-stack";

/** What a run of the engine said, taken apart as a reader does: the rows while it ran, and the diagnostics at its end. */
export class EngineWords {
  constructor(private readonly run: EngineRun) {}

  get code(): number | null {
    return this.run.code;
  }

  get text(): string {
    return `${this.run.stdout}\n${this.run.stderr}`;
  }

  /** The lines that stay under a resource, by its name. */
  under(resource: string): readonly string[] {
    const lines = this.run.stdout.split("\n");
    const from = lines.findIndex((line) => line.startsWith("Diagnostics:"));
    const found: string[] = [];
    let isIts = false;
    for (const line of from < 0 ? [] : lines.slice(from + 1)) {
      const heading = /^ {2}\S+ \((.+)\):$/.exec(line);
      if (heading !== null) isIts = heading[1] === resource;
      else if (/^\S/.test(line)) break;
      else if (isIts && line.trim() !== "") found.push(line.trim());
    }
    return found;
  }

  /** What the row of a resource showed, one after the other: its status without the symbols and times in front. */
  row(resource: string): readonly string[] {
    const its = new RegExp(`^[ +~-]{0,4}\\S+ ${resource}  ?(?:\\S+ed |\\S+ing )?(?:\\([\\d.]+s\\) )?(.*)$`);
    return this.run.stdout.split("\n").flatMap((line) => {
      const status = its.exec(line)?.[1]?.trim() ?? "";
      return status === "" ? [] : [status];
    });
  }
}
