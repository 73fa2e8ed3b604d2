import type { Emulator } from "../emulator";
import { print, thousands } from "./narration";
import type { Step } from "./steps";

/** Does a step, and says what the tenant saw of it. That a step writes which must only read is an error. */
export async function counted({ requests }: Emulator, step: Step, work: () => Promise<void>): Promise<void> {
  const before = { asked: requests.http(), writes: requests.writes().length };
  await work();
  const asked = requests.http() - before.asked;
  const writes = requests.writes().length - before.writes;
  print();
  print(
    `→ The tenant saw ${thousands(asked)} HTTP requests, with ${writes === 0 ? "no" : thousands(writes)} writes in them.`,
  );
  if (!step.writes && writes > 0) throw new Error(`"${step.title}" may only read, and wrote ${writes} times.`);
}
