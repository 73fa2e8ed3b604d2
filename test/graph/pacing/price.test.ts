import assert from "node:assert/strict";
import { costOf } from "../../../graph/pacing/price";
import { costOfAll, FREE } from "../../../graph/pacing/quotas";
import * as queries from "../../../graph/reads/queries";

const ID = "6f1c9a52-3b0e-4c1d-9e57-2a8d4b7f10c3";
const SELECT = "$select=id";

describe("what a request takes of the quotas", () => {
  const units: [url: string, units: number][] = [
    [`/users/${ID}`, 2],
    [`/users/${ID}?${SELECT}`, 1],
    ["/users?$top=999", 2],
    [`/users?$top=999&${SELECT}`, 1],
    [`/users/${ID}/memberOf`, 2],
    [`/users/${ID}/memberOf?${SELECT}&$top=999`, 1],
    [`/groups/${ID}/members?$top=999`, 3],
    [`/groups/${ID}/members/microsoft.graph.user?$count=true&${SELECT}&$top=999`, 2],
    [`/groups/${ID}/members/microsoft.graph.user?$count=true&${SELECT}&$top=19`, 1],
    [`/groups/${ID}/transitiveMembers/microsoft.graph.user?${SELECT}`, 4],
    [`/groups/${ID}`, 1],
    [`/groups/${ID}?${SELECT}&$top=1`, 1],
    ["/subscribedSkus", 3],
    [`/subscribedSkus?${SELECT}`, 2],
    [`/organization?${SELECT}`, 1],
    [`https://graph.microsoft.com/v1.0/groups/${ID}/members?$skiptoken=x&%24select=id`, 2],
    [`/beta/groups/${ID}/members?%24select=id`, 2],
  ];
  for (const [url, expected] of units) {
    it(`GET ${url}: ${expected}`, () => {
      assert.deepEqual(costOf("GET", url), { writes: 0, units: expected, audits: 0 });
    });
  }

  it("a write is one write and one unit, with any number of licences", () => {
    for (const [method, url] of [
      ["POST", `/users/${ID}/assignLicense`],
      ["POST", `/groups/${ID}/assignLicense`],
      ["PATCH", `/groups/${ID}`],
      ["POST", `/groups/${ID}/members/$ref`],
    ] as const) {
      assert.deepEqual(costOf(method, url), { writes: 1, units: 1, audits: 0 });
    }
  });

  it("the audit log has a quota of its own", () => {
    const { url } = queries.licenseChanges(new Date(0));
    assert.deepEqual(costOf("GET", url), { writes: 0, units: 1, audits: 1 });
  });

  it("a batch is what its requests are: the proof for 20 users by id takes as much as 40 pages", () => {
    const proof = Array.from({ length: 20 }, () => [queries.user(ID), queries.membershipsOf(ID)]).flat();
    const costs = proof.map(({ method, url }) => costOf(method, url));
    assert.deepEqual(costOfAll(costs), { ...FREE, units: 40 });
  });
});
