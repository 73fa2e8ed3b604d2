import assert from "node:assert/strict";
import fc from "fast-check";

import { GraphError } from "../../graph/client/failure";
import { parseVisible, visibleText } from "../../graph/client/visible-text";
import { OddGraph } from "./odd-graph";

/** Nothing that a terminal obeys, that turns text round, or that begins a line. */
// eslint-disable-next-line no-control-regex
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff]|^\s*::|##\[|##vso\[/i;

describe("text from a tenant", () => {
  const table: [text: string, visible: string][] = [
    ["Finance department", "Finance department"],
    ["Zoë Çelik 财务 👩‍💻", "Zoë Çelik 财务 👩‍💻"],
    ["A::B", "A::B"],
    ["two\r\n\tlines", "two lines"],
    ["red \u001b[31malert\u001b[0m", "red \ufffd[31malert\ufffd[0m"],
    ["one-byte escape \u009b31m", "one-byte escape \ufffd31m"],
    ["Finance\u202ecod.exe", "Finance\ufffdcod.exe"],
    ["::error::all is lost", ": :error::all is lost"],
    ["line\n::add-mask::x", "line ::add-mask::x"],
    ["  ::stop-commands::x", "  : :stop-commands::x"],
    ["##[error]x", "# #[error]x"],
    ["a ##VSO[task.setvariable variable=x]y", "a # #VSO[task.setvariable variable=x]y"],
    ["half \ud83d of one", "half \ufffd of one"],
  ];
  for (const [text, visible] of table) {
    it(`${JSON.stringify(text)} is shown as ${JSON.stringify(visible)}`, () => {
      assert.equal(visibleText(text), visible);
    });
  }

  const bits = fc.constantFrom(
    "\u001b",
    "\n",
    "\u202e",
    "\u2066",
    "\u0085",
    ":",
    "::",
    "#",
    "##",
    "[",
    "vso[",
    " ",
    "\u007f",
  );
  const texts = fc
    .array(fc.oneof(bits, fc.string({ unit: "binary" })), { maxLength: 8 })
    .map((parts) => parts.join(""));

  it("is visible with any content, cleaned once for all, and the same when read from JSON", () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, isEscaped) => {
        const visible = visibleText(text);
        assert.doesNotMatch(visible, UNWANTED);
        assert.equal(visibleText(visible), visible);
        const json = JSON.stringify({ name: text, list: [text] });
        const escape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
        const wire = isEscaped ? json.replace(/[^ -~]|::|##/g, (found) => Array.from(found, escape).join("")) : json;
        assert.deepEqual(parseVisible(wire), { name: visible, list: [visible] });
      }),
      { numRuns: 2_000 },
    );
  });

  it("leaves links and rules as they are", () => {
    const exact = { "@odata.nextLink": "https://graph/##[x]\n", membershipRule: 'user.a -eq "b"\n  and true' };
    assert.deepEqual(parseVisible(JSON.stringify(exact)), exact);
  });
});

describe("names and messages of a hostile tenant", () => {
  const evil = "\n::error::gone\u001b[2J\u202e";
  const id = "00000000-0000-4000-8000-000000000001";
  let odd: OddGraph;
  let distrust: () => void;

  before(async () => {
    odd = await OddGraph.start();
    distrust = odd.trust();
  });
  beforeEach(() => (odd.received.length = 0));
  after(async () => {
    distrust();
    await odd.close();
  });

  it("come in visible: users, SKUs and plans, each alone and in a batch", async () => {
    const graph = odd.connect();
    const user = { id, displayName: evil, userPrincipalName: `${evil}@contoso.com`, licenseAssignmentStates: [] };
    const plan = { servicePlanId: id, servicePlanName: evil, appliesTo: "User" };
    odd.answers([
      { body: { value: [user] } },
      { body: { responses: [{ id: "1", status: 200, body: user }] } },
      { body: { value: [{ skuId: id, skuPartNumber: evil, servicePlans: [plan] }] } },
    ]);
    const read: unknown[] = [];
    for await (const page of graph.memberPages(id)) read.push(page);
    read.push([...(await graph.users([id])).values()], await graph.subscribedSkus());
    const texts = JSON.stringify(read).match(/gone/g);
    assert.equal(texts?.length, 6);
    JSON.stringify(read, (_, value: unknown) => {
      if (typeof value === "string") assert.doesNotMatch(value, UNWANTED);
      return value;
    });
  });

  it("are visible in what is said of a failure", async () => {
    odd.answers([{ status: 400, body: { error: { code: evil, message: `${evil} ${evil}` } } }]);
    const error: unknown = await odd
      .connect()
      .subscribedSkus()
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    assert.ok(error instanceof GraphError);
    assert.match(error.message, /gone/);
    assert.doesNotMatch(error.message, UNWANTED);
  });
});
