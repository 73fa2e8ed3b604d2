import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly state: string;
  readonly command: string;
}

/** The processes of one run of the engine, as far as they are there. */
export interface Family {
  readonly engine: number;
  /** Node.js with the program: the stack file becomes resources. */
  readonly program: number | undefined;
  /** Node.js with our providers: what touches the tenant. */
  readonly provider: number | undefined;
  readonly everybody: readonly number[];
}

export function familyOf(engine: number): Family {
  const family = descendantsOf(engine, processes());
  const running = (what: RegExp) => family.find(({ command }) => what.test(command))?.id;
  return {
    engine,
    // By Pulumi's own start, or by ours where set-up built the engine.
    program: running(/node .*\/cmd\/run\//),
    provider: running(/node .*\/cmd\/dynamic-provider\//),
    everybody: [engine, ...family.map(({ id }) => id)],
  };
}

/** An ended process that has not been reaped yet is not alive. */
export function isAlive(id: number): boolean {
  return processes().some((each) => each.id === id && !each.state.startsWith("Z"));
}

/** Ends a process at once, with no chance to do anything more; one that has ended by itself is as good. */
export function kill(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Looks again and again until it is so, or the time is over. */
export async function until(isSo: () => boolean, withinMs: number, otherwise: string): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (!isSo()) {
    assert(Date.now() < endMs, otherwise);
    await pause(100);
  }
}

function processes(): readonly Process[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8", maxBuffer: 1 << 26 })
    .split("\n")
    .flatMap((line) => {
      const [, id, parent, state = "", command = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), state, command }];
    });
}

function descendantsOf(ancestor: number, all: readonly Process[]): readonly Process[] {
  return all.filter(({ parent }) => parent === ancestor).flatMap((child) => [child, ...descendantsOf(child.id, all)]);
}
