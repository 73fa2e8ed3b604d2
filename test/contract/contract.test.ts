import assert from "node:assert/strict";
import type { Exchange } from "../../emulator";
import { contractFaults } from "./check-exchange";

const ID = "43de0ff5-c92c-492b-9116-175376d08c38";

const exchange = (method: string, url: string, more: Partial<Exchange> = {}): Exchange => ({
  method,
  url: `/v1.0${url}`,
  body: undefined,
  status: 200,
  ...more,
});
const users = (url: string, ...value: unknown[]) => exchange("GET", url, { answer: { value } });
const user = (answer: object) =>
  exchange("GET", `/users/${ID}?$select=${Object.keys(answer).join(",")}`, { answer: { id: ID, ...answer } });
const state = {
  skuId: ID,
  assignedByGroup: null,
  disabledPlans: [],
  state: "Active",
  error: "None",
  lastUpdatedDateTime: "2026-11-29T10:00:00Z",
};

describe("the contract of Graph v1.0", () => {
  const kept: readonly (readonly [what: string, exchange: Exchange])[] = [
    [
      "a page of users",
      users("/users?$select=id,licenseAssignmentStates&$top=5", { id: ID, licenseAssignmentStates: [state] }),
    ],
    ["a filter of any", users(`/users?$filter=${encodeURIComponent(`assignedLicenses/any(s:s/skuId eq ${ID})`)}`)],
    ["a filter of a count", users("/users?$count=true&$filter=assignedLicenses/$count ne 0")],
    [
      "a filter of texts",
      users("/users?$filter=displayName in ('O''Hara','shoeSize eq 1') and accountEnabled eq true"),
    ],
    ["members, cast", users(`/groups/${ID}/members/microsoft.graph.user?$select=id`, { id: ID })],
    ["members of all kinds", users(`/groups/${ID}/members`, { "@odata.type": "#microsoft.graph.group", id: ID })],
    [
      "what may not be read",
      users(`/groups/${ID}/members`, { "@odata.type": "#microsoft.graph.user", id: ID, mail: null }),
    ],
    ["a removal", exchange("POST", `/users/${ID}/assignLicense`, { body: { addLicenses: [], removeLicenses: [ID] } })],
    ["a member", exchange("POST", `/groups/${ID}/members/$ref`, { body: { "@odata.id": "https://…" }, status: 204 })],
    ["members", exchange("PATCH", `/groups/${ID}`, { body: { "members@odata.bind": [] }, status: 204 })],
    [
      "a refusal of what does not exist",
      exchange("GET", "/shoes", { status: 404, answer: { error: { code: "a", message: "b" } } }),
    ],
  ];
  for (const [what, each] of kept) {
    it(`is kept by ${what}`, () => assert.deepEqual(contractFaults(each), []));
  }

  const broken: readonly (readonly [what: string, exchange: Exchange, fault: RegExp])[] = [
    ["a path", exchange("GET", "/licences"), /does not lead there/],
    ["a relationship", exchange("GET", `/users/${ID}/memberships`), /does not lead there/],
    ["$select", users("/users?$select=licenceAssignmentStates"), /\$select=licenceAssignmentStates/],
    ["$filter", users("/users?$filter=shoeSize eq 44"), /\$filter by shoeSize/],
    [
      "a filter of any",
      users(`/users?$filter=assignedLicenses/any(s:s/sku eq ${ID})`),
      /\$filter by assignedLicenses\/sku/,
    ],
    ["$orderby", users("/auditLogs/directoryAudits?$orderby=at desc"), /\$orderby=at/],
    ["$expand", users("/users?$expand=groups"), /\$expand=groups/],
    [
      "a parameter",
      exchange("POST", `/users/${ID}/assignLicense`, { body: { add: [] } }),
      /body\.add: no such parameter/,
    ],
    [
      "a parameter's value",
      exchange("POST", `/users/${ID}/assignLicense`, { body: { removeLicenses: ["EMS"] } }),
      /no Guid: "EMS"/,
    ],
    [
      "a property of a body",
      exchange("PATCH", `/users/${ID}`, { body: { location: "DE" }, status: 204 }),
      /no such property/,
    ],
    ["a property of an answer", user({ licences: [] }), /user\.licences: a user has no such property/],
    ["a type", user({ accountEnabled: "yes" }), /accountEnabled is no Boolean/],
    ["a list", user({ businessPhones: "1" }), /businessPhones is no list/],
    ["a time", user({ createdDateTime: "2026-11-29" }), /no DateTimeOffset/],
    ["null", user({ displayName: "Ada", assignedLicenses: null, jobTitle: "x" }), /assignedLicenses is null/],
    ["a state", user({ licenseAssignmentStates: [{ ...state, state: "Ok" }] }), /state is "Ok"/],
    [
      "a property inside",
      user({ licenseAssignmentStates: [{ ...state, group: ID }] }),
      /licenseAssignmentState has no such property/,
    ],
    [
      "what comes with $select alone",
      users("/users", { id: ID, displayName: "Ada", accountEnabled: true }),
      /comes with \$select alone/,
    ],
    [
      "what was not selected",
      users("/users?$select=id", { id: ID, displayName: "Ada" }),
      /displayName was not selected/,
    ],
    [
      "what is never returned",
      users("/groups?$select=hasMembersWithLicenseErrors", { id: ID, hasMembersWithLicenseErrors: true }),
      /never returned/,
    ],
    ["an enumeration", users("/auditLogs/directoryAudits", { id: "1", result: "ok" }), /result is "ok"/],
    [
      "a beta property",
      users("/groups?$select=membershipRuleProcessingStatus"),
      /\$select=membershipRuleProcessingStatus/,
    ],
    ["an error", exchange("GET", "/users", { status: 400, answer: { message: "no" } }), /an error without code/],
  ];
  for (const [what, each, fault] of broken) {
    it(`is broken by ${what} that Graph does not have`, () => {
      assert.match(contractFaults(each).join("\n"), fault);
    });
  }
});
