import type { Call } from "../client/call";
import { GraphError, type GraphFailure } from "../client/failure";
import { LONGEST_WAIT_MS } from "../client/limits";
import type { Transport } from "../client/transport";
import type { WaitCause } from "../client/pauses";
import type { Permit, Wait } from "./pacer";
import type { Cost } from "./quotas";
import { WriteReservation } from "./write-reservation";

type Waiting = Pick<Call, "kind" | "requests" | "isMoot">;

/**
 * Waits until a call may be sent. A proven write never waits, because its proof grows old: it goes at once or fails
 * unsent, and its sender reads and decides again.
 *
 * @throws {GraphError} `stopped` if the run must stop or the answer is no longer needed; `paced` or `throttled` if the
 *   wait would be too long
 */
export async function admit(call: Call, cost: Cost, transport: Transport): Promise<Permit> {
  const { pacer, pauses, isUrgent } = transport;
  const promised = call.room?.take(cost) ?? null;
  if (promised !== null && "taken" in promised) return promised;
  if (promised !== null) throw notSent(promised, pauses.now());
  return inLine(pacer.queue(cost, { isUrgent }), call, transport);
}

/**
 * Waits until the quota has room for `writes` writes, and reserves it.
 *
 * @param partOf the writes to make in all; more than a burst are spread evenly
 * @throws {GraphError} as `admit` does
 */
export async function reserve(writes: number, partOf: number, transport: Transport): Promise<WriteReservation> {
  const { pacer, pauses, isUrgent } = transport;
  const turn = pacer.queue({ writes, units: writes, audits: 0 }, { isUrgent, partOf });
  await inLine(turn, { kind: "write", requests: writes }, transport);
  return new WriteReservation(pacer, turn, () => pauses.now());
}

async function inLine(turn: Permit, waiting: Waiting, transport: Transport): Promise<Permit> {
  const { pacer, pauses } = transport;
  try {
    let now = pauses.now();
    for (let wait = pacer.take(turn, now); wait !== null; wait = pacer.take(turn, now)) {
      await waitOnce(wait, waiting, transport);
      // A timer may fire slightly early by the clock.
      now = Math.max(pauses.now(), wait.untilMs);
    }
    return turn;
  } finally {
    pacer.leave(turn);
  }
}

/** Waits once, for as long as the pacer says. */
async function waitOnce(wait: Wait, waiting: Waiting, transport: Transport): Promise<void> {
  const now = transport.pauses.now();
  // check: a removal never waits between its proof and its write
  if (waiting.kind === "provenWrite" || wait.untilMs - now > LONGEST_WAIT_MS) throw notSent(wait, now);
  await waitUntil({ ...wait, status: wait.because === "throttled" ? 429 : null }, waiting, transport);
}

/** @throws {GraphError} `stopped` if the run must stop or the answer is no longer needed */
export async function waitUntil(
  { untilMs, ...why }: { readonly untilMs: number } & Omit<WaitCause, "isMoot">,
  { requests = 1, isMoot = () => false }: Waiting,
  { pauses, observe }: Transport,
): Promise<void> {
  observe({ kind: "waiting", because: why.because, untilMs, requests });
  const stop = await pauses.sleep(untilMs - pauses.now(), { ...why, isMoot });
  if (stop !== null) throw new GraphError({ kind: "stopped", reason: stop });
  if (isMoot()) throw new GraphError({ kind: "stopped", reason: "no caller waits for it any more" });
}

function notSent({ because, untilMs }: Wait, now: number): GraphError {
  const failure: GraphFailure = { kind: because, retryAfterMs: Math.max(0, untilMs - now) };
  return new GraphError(failure);
}
