import assert from "node:assert/strict";

import { classify, type Purpose } from "../../graph/client/classify";
import { describeFailure, type GraphFailure } from "../../graph/client/failure";
import { OPERATIONS, type Operation } from "../../graph/diagnostics/permissions";

const A = "43de0ff5-c92c-492b-9116-175376d08c38";
const B = "113feb6c-3fe4-4440-bddc-54d774bf0318";
const ASSIGN: Purpose = { operation: "assignToUsers", id: A };

function classified(status: number, code: string, message: string, purpose = ASSIGN): GraphFailure {
  return classify({ status, retryAfterMs: null, body: { error: { code, message } } }, purpose);
}

describe("a refusal of assignLicense is known by its message", () => {
  const table: [message: string, rule: string, plans: string[]][] = [
    ["User does not have a corresponding license.", "notAssigned", []],
    [
      "User license is inherited from a group membership and it cannot be removed directly from the user.",
      "onlyInherited",
      [],
    ],
    ["License assignment cannot be done for user with invalid usage location.", "usageLocation", []],
    [`Subscription with SKU ${A} does not have any available licenses.`, "noSeat", [A]],
    [`License ${A} does not correspond to a valid company License.`, "unknownSku", [A]],
    [`License ${A} cannot be assigned to a user.`, "skuNotForUsers", [A]],
    [`License ${A} cannot be assigned to a group.`, "skuNotForGroups", [A]],
    [
      `License assignment failed because service plan ${A.toUpperCase()} depends on the service plan(s) ${B}`,
      "dependency",
      [A, B],
    ],
    [`License assignment failed because service plans ${A},${B} are mutually exclusive`, "mutuallyExclusive", [A, B]],
  ];
  for (const [message, rule, plans] of table) {
    it(rule, () => {
      assert.deepEqual(classified(400, "Request_BadRequest", message), { kind: "licenseRule", rule, plans, message });
    });
  }

  it("an unknown message stays as it is", () => {
    assert.deepEqual(classified(400, "Request_BadRequest", "Cannot convert a primitive value."), {
      kind: "unexpected",
      status: 400,
      code: "Request_BadRequest",
      message: "Cannot convert a primitive value.",
    });
  });
});

describe("other refusals", () => {
  const table: [what: string, actual: GraphFailure, expected: GraphFailure][] = [
    [
      "unknown object",
      classified(404, "Request_ResourceNotFound", `Resource '${A}' does not exist.`),
      { kind: "notFound", id: A },
    ],
    [
      "permission missing",
      classified(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
      {
        kind: "forbidden",
        operation: "assign licences to users or remove them",
        permissions: ["LicenseAssignment.ReadWrite.All"],
        message: "Insufficient privileges to complete the operation.",
      },
    ],
    ["concurrent write", classified(409, "Directory_ConcurrencyViolation", "…"), { kind: "conflict" }],
    ["page token expired", classified(400, "Directory_ExpiredPageToken", "…"), { kind: "pageExpired" }],
    [
      "unsupported query",
      classified(400, "Request_UnsupportedQuery", "not with eventual"),
      { kind: "unsupportedQuery", message: "not with eventual" },
    ],
    [
      "complex query",
      classified(400, "Request_BadRequest", "Complex query on property assignedLicenses is not supported."),
      { kind: "unsupportedQuery", message: "Complex query on property assignedLicenses is not supported." },
    ],
    [
      "token refused",
      classified(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
      {
        kind: "signIn",
        reason: "refused",
        detail: "InvalidAuthenticationToken: Lifetime validation failed, the token is expired.",
      },
    ],
    [
      "a feature that the tenant's edition lacks is no missing permission",
      classified(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "no premium"),
      {
        kind: "unexpected",
        status: 403,
        code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        message: "no premium",
      },
    ],
    [
      "throttled",
      classify({ status: 429, retryAfterMs: 9, body: null }, ASSIGN),
      { kind: "throttled", retryAfterMs: 9 },
    ],
    [
      "unavailable, with a page of HTML for a body",
      classify({ status: 504, retryAfterMs: null, body: undefined }, ASSIGN),
      { kind: "unavailable", status: 504, retryAfterMs: null },
    ],
    [
      "an error without any shape",
      classify({ status: 418, retryAfterMs: null, body: "?" }, ASSIGN),
      { kind: "unexpected", status: 418, code: "", message: "no message" },
    ],
  ];
  for (const [what, actual, expected] of table) {
    it(what, () => assert.deepEqual(actual, expected));
  }

  it("every operation names its least permissions", () => {
    for (const operation of Object.keys(OPERATIONS) as Operation[]) {
      const failure = classified(403, "Authorization_RequestDenied", "…", { operation, id: null });
      assert.equal(failure.kind, "forbidden");
      for (const permission of OPERATIONS[operation].permissions) {
        assert.match(permission, /^[A-Z]\w+\.Read(Write|Basic)?\.(All|AzureADGroup|Hidden)$/);
        assert.ok(describeFailure(failure).includes(permission));
      }
    }
  });
});

describe("a failure in words", () => {
  const table: [GraphFailure, RegExp][] = [
    [{ kind: "throttled", retryAfterMs: 1_200 }, /wait 2 s/],
    [{ kind: "unavailable", status: 503, retryAfterMs: null }, /503.*Run it again later/],
    [{ kind: "lost", detail: "status 504" }, /status 504.*may or may not have been done.*Run again/],
    [
      { kind: "unreachable", host: "graph.example", detail: "self-signed certificate", reason: "certificate" },
      /graph\.example.*self-signed.*NODE_EXTRA_CA_CERTS/,
    ],
    [{ kind: "signIn", reason: "missing", detail: "None found." }, /None found\. Set AZURE_TENANT_ID.*az login/],
    [
      { kind: "signIn", reason: "host", detail: "AADSTS500011: Not found." },
      /AADSTS500011.*Graph host in licensing:cloud/,
    ],
    [{ kind: "signIn", reason: "refused", detail: "AADSTS7000215: Invalid." }, /AADSTS7000215.*secret/],
    [
      { kind: "forbidden", operation: "read groups", permissions: ["GroupMember.Read.All"] },
      /may not read groups.*GroupMember\.Read\.All/,
    ],
    [{ kind: "notFound", id: A }, new RegExp(A)],
    [{ kind: "conflict" }, /409.*Run again/],
    [
      { kind: "licenseRule", rule: "noSeat", plans: [A], message: "Subscription has no seats." },
      /Subscription has no seats\. Buy seats/,
    ],
    [{ kind: "pageExpired" }, /page token expired/],
    [{ kind: "unsupportedQuery", message: "Not supported." }, /Not supported/],
    [{ kind: "stopped", reason: "a stop was requested" }, /^a stop was requested$/],
    [
      { kind: "unexpected", status: 418, code: "Teapot", message: "short and stout" },
      /418 Teapot.*short and stout\. Run again; if it stays so/,
    ],
  ];
  for (const [failure, words] of table) {
    it(failure.kind, () => assert.match(describeFailure(failure), words));
  }
});
