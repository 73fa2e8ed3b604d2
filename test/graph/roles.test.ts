import assert from "node:assert/strict";

import type { Host } from "../../dynamic-providers/engine/host";
import {
  connectForDiagnosis,
  connectForReading,
  connectForWriting,
  type LicenseWrites,
} from "../../graph/tenant-graph";
import type { readCopy } from "../../rehearsal/copy/read-copy";
import type { readRun } from "../../tenant/read-run";
import type { readTenantToday } from "../../tenant/read-tenant-today";

const CONNECTION = { cloud: "global", tenant: "contoso.com" } as const;

type Role = new (...args: never[]) => unknown;

/** The methods that a connection has for writing and no other role has. */
function writesOf(graph: LicenseWrites): readonly string[] {
  const { prototype } = graph.constructor as Role & { readonly prototype: object };
  return Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
}

describe("the roles of a tenant", () => {
  it("what a preview, plan, discover and doctor hold has no method that writes", () => {
    const writes = writesOf(connectForWriting(CONNECTION));
    assert.deepEqual([...writes].sort(), [
      "addMembers",
      "assignDirect",
      "assignGroupLicenses",
      "removeDirect",
      "removeMembers",
      "reprocess",
      "reserveWrites",
    ]);
    for (const connect of [connectForReading, connectForDiagnosis]) {
      const reader = connect(CONNECTION);
      for (const derived of [reader, reader.awaiting([]), reader.withPatience(1, "the audit log")]) {
        assert.deepEqual(
          writes.filter((name) => name in derived),
          [],
        );
      }
    }
  });

  it("a writer stays a writer, and a reader a reader, when the way to wait changes", () => {
    assert.ok("removeDirect" in connectForWriting(CONNECTION).awaiting([]));
    assert.ok("probe" in connectForDiagnosis(CONNECTION).withPatience(1, "the audit log"));
  });

  it("a write through what a reading part is given does not compile", () => {
    const attempts = [
      "removeDirect" satisfies keyof LicenseWrites,
      // @ts-expect-error a run's reading cannot remove
      "removeDirect" satisfies keyof Parameters<typeof readRun>[0],
      // @ts-expect-error discover cannot add members
      "addMembers" satisfies keyof Parameters<typeof readTenantToday>[0],
      // @ts-expect-error a preview cannot take members out of a group
      "removeMembers" satisfies keyof ReturnType<typeof connectForReading>,
      // @ts-expect-error a rehearsal's copy cannot assign
      "assignDirect" satisfies keyof Parameters<typeof readCopy>[0],
      // @ts-expect-error doctor cannot change a group
      "assignGroupLicenses" satisfies keyof ReturnType<typeof connectForDiagnosis>,
      // @ts-expect-error the program, which makes the plan, cannot reprocess
      "reprocess" satisfies keyof ReturnType<typeof connectForReading>,
      // @ts-expect-error a provider that only compares cannot reserve writes
      "reserveWrites" satisfies keyof ReturnType<Host["connectForReading"]>,
    ];
    assert.equal(new Set(attempts).size, writesOf(connectForWriting(CONNECTION)).length);
  });
});
