import { readdirSync, readFileSync } from "node:fs";

/** The parts of a run of the engine: its own process, what starts the program, the program, and the process of our providers. */
export type Part = "engine" | "language host" | "program" | "provider";

export type Peaks = Readonly<Partial<Record<Part, number>>>;

const LOOK_EVERY_MS = 100;

/** Most ticks are a hundredth of a second: `getconf CLK_TCK`. */
const TICK_MS = 10;

/**
 * Watches a process and all that it starts, as Linux tells of them; elsewhere nothing is known, and the figures are absent.
 *
 * @returns how to end the watch and hear the peak memory of each part in megabytes
 */
export function watchTree(pid: number): () => Peaks {
  const peaks = new Map<Part, number>();
  const look = () => {
    for (const each of tree(pid)) {
      const part = partOf(each);
      const peak = peakMegabytes(each);
      if (part !== null && peak !== null) peaks.set(part, Math.max(peaks.get(part) ?? 0, peak));
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    return Object.fromEntries(peaks);
  };
}

/** Processor time of all that this process has started and that has ended, and of what those had started; `null`: not known here. */
export function endedChildrenCpuMs(): number | null {
  const stat = fileOf("self", "stat");
  if (stat === null) return null;
  // The name in parentheses may hold spaces. `cutime` and `cstime` are the 16th and 17th field.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

function tree(pid: number): number[] {
  const children = threadsOf(pid).flatMap((thread) => childrenOf(pid, thread));
  return [pid, ...children.flatMap(tree)];
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function childrenOf(pid: number, thread: string): readonly number[] {
  const children = fileOf(pid, `task/${thread}/children`) ?? "";
  return children.split(" ").filter(Boolean).map(Number);
}

function partOf(pid: number): Part | null {
  const command = (fileOf(pid, "cmdline") ?? "").replaceAll("\0", " ");
  if (command.includes("pulumi-language-nodejs")) return "language host";
  if (command.includes("dynamic-provider")) return "provider";
  if (/cmd\/run|cmd\\run/.test(command)) return "program";
  return /pulumi(\.exe)? /.test(command) ? "engine" : null;
}

function peakMegabytes(pid: number): number | null {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(fileOf(pid, "status") ?? "")?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}

/** `null` where the process has ended, or where there is no such file system. */
function fileOf(pid: number | "self", name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return null;
  }
}
