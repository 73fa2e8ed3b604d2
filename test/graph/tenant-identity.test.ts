import assert from "node:assert/strict";

import { matchesTenant, tenantOfToken, type TenantIdentity } from "../../graph/signin/tenant-identity";

const CONTOSO = "6f1c0000-0000-4000-8000-000000000001";
const FABRIKAM = "6f1c0000-0000-4000-8000-000000000002";

const organization: TenantIdentity = {
  id: CONTOSO,
  displayName: "Contoso",
  domains: ["contoso.com", "contoso.onmicrosoft.com"],
  country: "CH",
  source: "organization",
  tokenTenantId: CONTOSO,
};
const tokenAlone: TenantIdentity = {
  ...organization,
  displayName: null,
  domains: [],
  country: null,
  source: "token",
};
const unknown: TenantIdentity = { ...tokenAlone, id: null, source: "unknown", tokenTenantId: null };

describe("whether the credentials reach the configured tenant", () => {
  const table: [what: string, identity: TenantIdentity, configured: string, openId: string | null, verdict: string][] =
    [
      ["its id", organization, CONTOSO, null, "pass"],
      ["its id in upper case", organization, CONTOSO.toUpperCase(), null, "pass"],
      ["another id", organization, FABRIKAM, null, "fail"],
      ["its domain", organization, "Contoso.com", CONTOSO, "pass"],
      ["its domain, where the authority says nothing", organization, "contoso.com", null, "pass"],
      ["another domain", organization, "fabrikam.com", FABRIKAM, "fail"],
      ["a domain that nobody knows", organization, "nowhere.example", null, "fail"],
      ["its domain, which the authority gives to another", organization, "contoso.com", FABRIKAM, "fail"],
      ["token alone, its id", tokenAlone, CONTOSO, null, "pass"],
      ["token alone, a domain that the authority knows", tokenAlone, "contoso.com", CONTOSO, "pass"],
      ["token alone, a domain that the authority does not know", tokenAlone, "contoso.com", null, "fail"],
      ["an opaque token beside the organisation", { ...organization, tokenTenantId: null }, CONTOSO, null, "pass"],
      ["organisation and token disagree", { ...organization, tokenTenantId: FABRIKAM }, CONTOSO, null, "fail"],
      ["unknown", unknown, CONTOSO, null, "fail"],
      ["unknown, and a domain", unknown, "contoso.com", CONTOSO, "fail"],
    ];
  for (const [what, identity, configured, openId, verdict] of table) {
    it(`${what}: ${verdict}`, () => assert.equal(matchesTenant(identity, configured, openId).verdict, verdict));
  }

  it("where the organisation may not be read, a domain is not said to be another's", () => {
    const { reason } = matchesTenant(tokenAlone, "contoso.com", null);
    assert.doesNotMatch(reason, /none of its domains/);
    assert.match(reason, /write the tenant's id .*Organization\.Read\.All/);
    assert.match(matchesTenant(organization, "nowhere.example", null).reason, /none of its domains/);
  });

  it("a refusal names both tenants", () => {
    const { reason } = matchesTenant(organization, FABRIKAM, null);
    assert.match(reason, /Contoso/);
    assert.ok(reason.includes(CONTOSO) && reason.includes(FABRIKAM));
  });
});

describe("the tenant of an access token", () => {
  const jwt = (claims: object): string =>
    ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "signature"].join(".");

  const table: [what: string, token: string, tid: string | null][] = [
    ["its tid claim", jwt({ tid: CONTOSO.toUpperCase() }), CONTOSO],
    ["no tid", jwt({ sub: "x" }), null],
    ["opaque", "0.AXoAopaque", null],
    ["no token at all", "", null],
  ];
  for (const [what, token, tid] of table) {
    it(what, () => assert.equal(tenantOfToken(token), tid));
  }
});
