import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { azureadVersion, groupMakers, realPlugin } from "./plugins";

describe("the real azuread plugin", () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const install = (version: string): string => {
    const folder = join(home, "plugins", `resource-azuread-v${version}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "pulumi-resource-azuread"), "");
    return join(folder, "pulumi-resource-azuread");
  };

  it("makes groups beside the stand-in where Pulumi has the pinned version", () => {
    const program = install(azureadVersion());
    assert.deepEqual(realPlugin({ PULUMI_HOME: home }, "linux"), { found: program });
    if (process.platform === "linux") assert.equal(groupMakers({ PULUMI_HOME: home }).length, 2);
  });

  it("is left out, with why and what to do, where it has none or another one", () => {
    install("5.0.0");
    const found = realPlugin({ PULUMI_HOME: home }, "linux");
    assert.ok("why" in found);
    assert.match(found.why, new RegExp(`: npm run pulumi -- plugin install resource azuread ${azureadVersion()}$`));
    assert.deepEqual(
      groupMakers({ PULUMI_HOME: home }).map(({ name }) => name),
      ["the stand-in"],
    );
  });

  it("is the one that AZUREAD_PLUGIN names, and none where that is not there", () => {
    const program = install("0.0.0");
    assert.deepEqual(realPlugin({ AZUREAD_PLUGIN: program }, "linux"), { found: program });
    assert.deepEqual(realPlugin({ AZUREAD_PLUGIN: join(home, "no") }, "linux"), {
      why: `AZUREAD_PLUGIN: no ${join(home, "no")}`,
    });
    assert.ok("why" in realPlugin({ AZUREAD_PLUGIN: program }, "darwin"));
  });

  const here = realPlugin(process.env);
  if ("why" in here) it.skip(`goes through the journeys of made groups: not on this machine: ${here.why}`);
});
