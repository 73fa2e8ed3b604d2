import { access } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { isCI } from "ci-info";
import { SharedPacers } from "../../graph/pacing/shared-pacers";
import type * as tenantGraph from "../../graph/tenant-graph";
import type { Host } from "./host";
import { Receipts } from "./receipts";

/** Whoever makes this file ends a wave after the unit in hand; by default `.stop` in the project's folder. */
const STOP_FILE = process.env["LICENSING_STOP_FILE"] ?? ".stop";

/** A terminal redraws the row; a log gets a new line each time. */
const STATUS_EVERY_MS = isCI ? 10_000 : 1_000;

/** The engine answers a log call at once; one that takes this long is gone. */
export const ENGINE_ANSWERS_WITHIN_MS = 10_000;

/** All resources that this process provides share the quotas of the tenants that they work in. */
const pacers = new SharedPacers();

const receipts = new Receipts();

/**
 * A host that speaks to the Pulumi engine which started this process, through the engine's own `Log` call: the only way
 * for a dynamic provider to be read while it works, and to notice that the engine was killed.
 *
 * @param address the engine's `host:port`, the provider process's first argument
 */
export function engineHost(address: string): Host {
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
    connect: (connection) => loadTenantGraph().connect(connection, { pacers }),
    now: () => Date.now(),
    sleep: async (ms) => {
      await sleep(ms);
    },
    status: async (urn, text) => {
      if (Date.now() - lastStatusMs < STATUS_EVERY_MS) return;
      lastStatusMs = Date.now();
      // A status that cannot be shown stops nothing: `stopReason` notices when the engine is gone.
      await log(urn, text, true, LogSeverity.INFO).catch(() => undefined);
    },
    say: (urn, text) => log(urn, text, false, LogSeverity.INFO).catch(() => undefined),
    stopReason: async (urn) => {
      if (await exists(STOP_FILE)) return `the file ${STOP_FILE} asks to stop: remove it and run pulumi up again`;
      try {
        await log(urn, "", true, LogSeverity.DEBUG);
        return null;
      } catch {
        return "the Pulumi engine is gone: run pulumi up again";
      }
    },
  };
}

/**
 * Only where somebody connects: what signs in and speaks HTTP is most of what this process would load, and a run that finds nothing to
 * do, as most of them do, asks Graph nothing from here.
 */
function loadTenantGraph(): typeof tenantGraph.TenantGraph {
  return (require("../../graph/tenant-graph") as typeof tenantGraph).TenantGraph;
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
