import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A machine of our own for set-up to look at: an empty home, and a PATH on which only what a test puts there lies. */
export interface FakeMachine {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Puts a shell script on the PATH, in a folder of its own when one is named. */
  readonly program: (name: string, script: string, folder?: string) => string;
  readonly file: (path: string, content: string) => string;
  readonly remove: () => void;
}

export function createFakeMachine(): FakeMachine {
  const home = mkdtempSync(join(tmpdir(), "entra-group-licensing-test-"));
  const file = (name: string, content: string): string => {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), content);
    return join(home, name);
  };
  return {
    home,
    env: { HOME: home, XDG_CACHE_HOME: join(home, "cache"), PATH: join(home, "path") },
    program: (name, script, folder = "path") => {
      const program = file(join(folder, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
      chmodSync(program, 0o755);
      return program;
    },
    file,
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
