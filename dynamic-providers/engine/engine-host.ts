import { existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { isCI } from "ci-info";
import { SharedPacers } from "../../graph/pacing/shared-pacers";
import type * as tenantGraph from "../../graph/tenant-graph";
import type { Host } from "./host";
import type { Receipts } from "./receipts";

/** Creating this file ends a wave after the current unit; by default `.stop` in the project's folder. */
const STOP_FILE = process.env["LICENSING_STOP_FILE"] ?? ".stop";

/** The same for one run alone: `entra-licensing stop` and Ctrl-C of `entra-licensing up` create it, and it goes with the run. */
const RUN_STOP_FILE = process.env["LICENSING_RUN_STOP_FILE"] ?? "";

/** `npm run pulumi` makes this file when it is interrupted. */
const INTERRUPTED_FILE = process.env["LICENSING_INTERRUPTED_FILE"] ?? "";

/** A terminal redraws the row; a log gets a new line each time. */
const STATUS_EVERY_MS = isCI ? 10_000 : 1_000;

/** The engine answers a log call at once, so without an answer for this long it has ended. */
export const ENGINE_ANSWERS_WITHIN_MS = 10_000;

/** All resources of this process share the quotas of their tenants. */
const pacers = new SharedPacers();

/**
 * The host in a process that a Pulumi engine started. The engine's own `Log` call is the only way for a dynamic
 * provider to show progress, and to notice that the engine was killed.
 *
 * @param address the engine's `host:port`, the provider process's first argument
 * @param receipts of the rows of the same tenant
 */
export function engineHost(address: string, receipts: Receipts): Host {
  const client = new EngineClient(address, credentials.createInsecure());
  let lastStatusMs = 0;

  function log(urn: string, text: string, ephemeral: boolean, severity: LogSeverityValue): Promise<void> {
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(text);
    request.setUrn(urn);
    request.setStreamid(0);
    request.setEphemeral(ephemeral);
    return new Promise((resolve, reject) => {
      client.log(request, new Metadata(), { deadline: Date.now() + ENGINE_ANSWERS_WITHIN_MS }, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  return {
    receipts,
    connectForReading: (connection) => loadTenantGraph().connectForReading(connection, { pacers }),
    connectForWriting: (connection) => loadTenantGraph().connectForWriting(connection, { pacers }),
    now: () => Date.now(),
    sleep: async (ms) => {
      await sleep(ms);
    },
    status: async (urn, text) => {
      if (Date.now() - lastStatusMs < STATUS_EVERY_MS) return;
      lastStatusMs = Date.now();
      // A status that cannot be shown stops nothing; `stopReason` notices an engine that has ended.
      await log(urn, text, true, LogSeverity.INFO).catch(() => undefined);
    },
    say: (urn, text) => log(urn, text, false, LogSeverity.INFO).catch(() => undefined),
    stopReason: async (urn) => {
      if (await exists(STOP_FILE)) return `the file ${STOP_FILE} asks to stop: remove it and run pulumi up again`;
      if (RUN_STOP_FILE !== "" && (await exists(RUN_STOP_FILE))) return "the run was asked to stop: run up again";
      try {
        await log(urn, "", true, LogSeverity.DEBUG);
        return null;
      } catch {
        return "the Pulumi engine is gone: run pulumi up again";
      }
    },
    interruption: () =>
      existsSync(INTERRUPTED_FILE) || existsSync(RUN_STOP_FILE) ? "the run was interrupted: run pulumi up again" : null,
  };
}

/**
 * Loaded on the first connection: sign-in and HTTP are most of this process's code, and most runs find nothing to do
 * and ask Graph nothing.
 */
function loadTenantGraph(): typeof tenantGraph {
  return require("../../graph/tenant-graph") as typeof tenantGraph;
}

type LogSeverityValue = (typeof LogSeverity)[keyof typeof LogSeverity];

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
