// npm run pulumi -- WORDS…: the engine of this checkout, in this project, as if `pulumi WORDS…` had been typed.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { engineEnvironment, locateEngine } from "./engine/locate.js";

const { binary } = locateEngine();
const engine = spawn(binary, process.argv.slice(2), {
  cwd: join(__dirname, ".."),
  env: engineEnvironment(process.env),
  stdio: "inherit",
});

// Ctrl-C reaches the engine without us: the terminal sends it to every process in the foreground. Sent on, it would
// come twice, and the engine takes the second one for "stop at once, whatever is in flight". So we only outlive it.
process.on("SIGINT", () => undefined);
// These come to us alone. Once is enough: npm passes on what it gets, and may have been sent the same.
for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  let sent = false;
  process.on(signal, () => {
    if (!sent) engine.kill(signal);
    sent = true;
  });
}

engine.on("error", (error) => {
  process.stderr.write(`${binary} can't be run: ${error.message}\n`);
  process.exitCode = 126;
});
engine.on("close", (code, signal) => {
  if (signal === null) {
    process.exitCode = code ?? 1;
  } else {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
});
