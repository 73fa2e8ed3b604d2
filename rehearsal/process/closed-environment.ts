import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator";

/**
 * What a program needs of the machine to run at all. Everything else stays behind, and with it every credential, under whatever name:
 * secrets, federated tokens, managed identities, tokens of a pipeline.
 */
const OF_THE_MACHINE = [
  ...["PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "TERM", "TMPDIR", "TEMP", "TMP"],
  ...["SystemRoot", "SYSTEMROOT", "windir", "ComSpec", "PATHEXT"],
];

export function machineOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(OF_THE_MACHINE.flatMap((name) => (name in environment ? [[name, environment[name]]] : [])));
}

/**
 * The environment of a rehearsal's programs: an app that exists in the embedded tenant alone, a home without anybody's `az login`, and two
 * small modules that keep each process on this machine and move its clock.
 *
 * @param folder of the rehearsal: the home is in it
 */
export function closedEnvironment(emulator: Emulator, folder: string): NodeJS.ProcessEnv {
  const home = join(folder, "nobody");
  mkdirSync(home, { recursive: true });
  const first = ["only-this-machine.cjs", "moved-clock.cjs"].map((name) => join(__dirname, name));
  return {
    ...emulator.credentials(),
    NODE_EXTRA_CA_CERTS: emulator.caFile,
    HOME: home,
    USERPROFILE: home,
    AZURE_CONFIG_DIR: home,
    // The one in the checkout is for runs on a tenant.
    LICENSING_STOP_FILE: join(home, "stop"),
    NODE_OPTIONS: first.map((file) => `--require ${JSON.stringify(file)}`).join(" "),
  };
}

/**
 * The time in the programs of a run.
 *
 * @param port of the clock service; absent: waits take as long as they take
 */
export function clockAhead(ms: number, port = 0): NodeJS.ProcessEnv {
  return { REHEARSAL_CLOCK_AHEAD_MS: String(ms), REHEARSAL_CLOCK_PORT: String(port) };
}
