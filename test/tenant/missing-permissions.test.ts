import assert from "node:assert/strict";
import { signedInAs } from "../../graph/signin/token-claims";
import { permissionWarnings } from "../../tenant/missing-permissions";

const READS = ["User.Read.All", "GroupMember.Read.All", "GroupMember.ReadBasic.All", "LicenseAssignment.Read.All"];
const WRITE = "LicenseAssignment.ReadWrite.All";

describe("permissions that the token lacks for a run", () => {
  const warnings = (claims: object, writes: boolean) => {
    const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
    return permissionWarnings({ signedInAs: () => Promise.resolve(signedInAs(`e30.${payload}.x`)) }, writes);
  };
  const ofApp = (roles: readonly string[], writes: boolean) => warnings({ idtyp: "app", roles }, writes);
  const proof = READS.filter((each) => each !== "GroupMember.ReadBasic.All");

  for (const writes of [false, true]) {
    it(`are named in one warning of ${writes ? "an up" : "a preview"}: the read that the proof needs`, async () => {
      const [said, ...more] = await ofApp([...proof, WRITE], writes);
      assert.deepEqual(more, []);
      assert.match(
        said ?? "",
        /lacks a permission to read the groups of a user \(GroupMember\.ReadBasic\.All\)\. .*blocked.*entra-licensing doctor/,
      );
    });
  }

  it("are those to write for an up alone", async () => {
    assert.deepEqual(await ofApp(READS, false), []);
    const [said] = await ofApp(READS, true);
    assert.match(
      said ?? "",
      /to assign licences to groups \(LicenseAssignment\.ReadWrite\.All\), to assign licences to users or remove them \(/,
    );
  });

  for (const [what, claims] of [
    ["exactly README's permissions", { idtyp: "app", roles: [...READS, WRITE] }],
    ["a larger permission in its place", { idtyp: "app", roles: [...proof, WRITE, "Directory.Read.All"] }],
    ["an app's token without roles", { idtyp: "app" }],
    ["a user's sign-in", { scp: "User.Read", upn: "ada@contoso.com" }],
    ["a token that does not tell", {}],
  ] as const) {
    it(`are none with ${what}`, async () => {
      assert.deepEqual(await warnings(claims, true), []);
    });
  }
});
