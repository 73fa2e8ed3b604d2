import { mkdirSync } from "node:fs";
import { join } from "node:path";

/**
 * The only environment variables that are passed on. An allow list also keeps out credentials under unknown names: secrets,
 * federated tokens, managed identities, pipeline tokens.
 */
const OF_THE_MACHINE = [
  ...["PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "TERM", "TMPDIR", "TEMP", "TMP"],
  ...["SystemRoot", "SYSTEMROOT", "windir", "ComSpec", "PATHEXT"],
];

export function machineOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(OF_THE_MACHINE.flatMap((name) => (name in environment ? [[name, environment[name]]] : [])));
}

/**
 * What a rehearsal's processes get besides the embedded tenant's sign-in: an empty home without `az login`, and two preloaded
 * modules that block connections to other machines and move the clock.
 *
 * @param folder the rehearsal's folder, in which the home is made
 */
export function closedEnvironment(folder: string): NodeJS.ProcessEnv {
  const home = join(folder, "nobody");
  mkdirSync(home, { recursive: true });
  const first = ["only-this-machine.cjs", "moved-clock.cjs"].map((name) => join(__dirname, name));
  return {
    HOME: home,
    USERPROFILE: home,
    AZURE_CONFIG_DIR: home,
    // The checkout's stop file stops runs on a real tenant, not rehearsals.
    LICENSING_STOP_FILE: join(home, "stop"),
    NODE_OPTIONS: first.map((file) => `--require ${JSON.stringify(file)}`).join(" "),
  };
}

/**
 * Sets the clock offset of a run's processes.
 *
 * @param port the clock service's port; 0 means that waits take real time
 */
export function clockAhead(ms: number, port = 0): NodeJS.ProcessEnv {
  return { REHEARSAL_CLOCK_AHEAD_MS: String(ms), REHEARSAL_CLOCK_PORT: String(port) };
}
