import assert from "node:assert/strict";

import { GraphError, TOKEN_REFUSED, type GraphFailure } from "../../graph/client/failure";
import { type LicenseWrites, connectForWriting } from "../../graph/tenant-graph";
import { licensesFor, proven } from "./proofs";
import { FakeTime } from "./fake-time";
import { CountingCredential, OddGraph, type Received, type Reply } from "./odd-graph";

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const SKU = id(900);
const user = (n: number): object => ({
  id: id(n),
  userPrincipalName: `u${n}@contoso.com`,
  licenseAssignmentStates: [],
});
const group = (n: number): object => ({ id: id(n), displayName: `G${n}`, securityEnabled: true, assignedLicenses: [] });

interface BatchItem {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

function itemsOf(request: Received): BatchItem[] {
  return (request.body as { requests: BatchItem[] }).requests;
}

/** Answers each item of a batch, in reverse order. */
function answerItems(request: Received, answer: (item: BatchItem) => object | null): Reply {
  const responses = itemsOf(request)
    .map((item) => {
      const given = answer(item);
      return given === null ? null : { id: item.id, ...given };
    })
    .filter((given) => given !== null)
    .reverse();
  return { body: { responses } };
}

function numberIn(url: string): number {
  return Number(/-(\d{12})/.exec(url)?.[1]);
}

async function failureFrom(promise: Promise<unknown>): Promise<GraphFailure> {
  const error: unknown = await promise.then(
    () => assert.fail("it succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GraphError, String(error));
  return error.failure;
}

async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<T[][]> {
  const all: T[][] = [];
  for await (const page of pages) all.push([...page]);
  return all;
}

describe("answers that a faithful Graph seldom gives", () => {
  let odd: OddGraph;
  let distrust: () => void;
  let graph: LicenseWrites;

  beforeEach(async () => {
    odd = await OddGraph.start();
    distrust = odd.trust();
    graph = odd.connect();
  });

  afterEach(async () => {
    distrust();
    await odd.close();
  });

  describe("pages", () => {
    it("a next link is followed as it is, with the headers of the first request, through short and empty pages", async () => {
      const next = "/v1.0/groups/x/members/microsoft.graph.user?$skiptoken=a%2Bb&z=1&$top=7&$select=id&flag";
      odd.answers([
        { body: { value: [user(1)], "@odata.nextLink": `${odd.url}${next}` } },
        { body: { "@odata.nextLink": `${odd.url}/v1.0/last?$skiptoken=c`, value: [] } },
        { body: { value: [user(2)] } },
      ]);
      const pages = await collect(graph.memberPages(id(100)));
      assert.deepEqual(
        pages.map((page) => page.map((member) => member.id)),
        [[id(1)], [], [id(2)]],
      );
      assert.equal(odd.received[1]?.url, next);
      assert.equal(odd.received[2]?.url, "/v1.0/last?$skiptoken=c");
      for (const { headers } of odd.received) {
        assert.equal(headers["consistencylevel"], "eventual");
        assert.equal(headers.authorization, "Bearer token-1");
      }
    });

    it("the first request of a cast has $count, $select and the largest page", async () => {
      odd.answers([{ body: { value: [] } }]);
      await collect(graph.memberPages(id(100)));
      const url = new URL(odd.received[0]?.url ?? "", odd.url);
      assert.equal(url.pathname, `/v1.0/groups/${id(100)}/members/microsoft.graph.user`);
      assert.equal(url.searchParams.get("$count"), "true");
      assert.equal(url.searchParams.get("$top"), "999");
      assert.ok(url.searchParams.get("$select")?.split(",").includes("licenseAssignmentStates"));
    });

    it("a user on two pages is given once", async () => {
      odd.answers([
        { body: { value: [user(1), user(2)], "@odata.nextLink": `${odd.url}/v1.0/2` } },
        { body: { value: [user(2), user(3)] } },
      ]);
      const ids = (await collect(graph.holderPages(SKU))).flat().map((holder) => holder.id);
      assert.deepEqual(ids, [id(1), id(2), id(3)]);
      assert.equal(
        new URL(odd.received[0]?.url ?? "", odd.url).searchParams.get("$filter"),
        `assignedLicenses/any(s:s/skuId eq ${SKU})`,
      );
    });

    it("an expired page token starts the listing again, once, and no user comes twice", async () => {
      const expired: Reply = { status: 400, body: { error: { code: "Directory_ExpiredPageToken", message: "…" } } };
      const first: Reply = { body: { value: [user(1)], "@odata.nextLink": `${odd.url}/v1.0/2` } };
      odd.answers([first, expired, first, { body: { value: [user(2)] } }]);
      const ids = (await collect(graph.memberPages(id(100)))).flat().map((member) => member.id);
      assert.deepEqual(ids, [id(1), id(2)]);

      odd.received.length = 0;
      odd.answers([first, expired, first, expired]);
      assert.deepEqual(await failureFrom(collect(graph.memberPages(id(100)))), { kind: "pageExpired" });
    });

    const foreign: [what: string, link: (url: URL) => string, named: RegExp][] = [
      ["another host", () => "https://elsewhere.example/v1.0/users", /elsewhere\.example/],
      ["another port", () => "https://localhost:1/v1.0/users", /localhost:1"/],
      ["plain HTTP", ({ host }) => `http://${host}/v1.0/users`, /http:/],
      ["a host before the scheme", ({ origin }) => `localhost:1${origin}/v1.0/users`, /localhost:1|null/],
      ["a host that looks like a user", ({ host }) => `https://${host}@elsewhere.example/`, /elsewhere\.example/],
      ["a host that begins alike", ({ origin }) => `${origin}.elsewhere.example/`, /another host/],
      ["a path without a host", () => "v1.0/users", /v1\.0/],
    ];
    for (const [what, link, named] of foreign) {
      it(`a next link to ${what} gets no token`, async () => {
        odd.answers([{ body: { value: [], "@odata.nextLink": link(new URL(odd.url)) } }]);
        const failure = await failureFrom(collect(graph.memberPages(id(100))));
        assert.equal(failure.kind, "unexpected");
        assert.match(JSON.stringify(failure), named);
        assert.equal(odd.received.length, 1);
      });
    }

    it("a redirect is not followed, nor is a write that met one sent again", async () => {
      const moved = { status: 307, headers: { Location: `${odd.url}/v1.0/elsewhere` } };
      odd.answers([moved, moved]);
      for (const request of [collect(graph.memberPages(id(100))), graph.assignGroupLicenses(id(100), [], [SKU])]) {
        const failure = await failureFrom(request);
        assert.match(JSON.stringify(failure), /"status":307.*a redirect, which is not followed/);
      }
      assert.equal(odd.received.length, 2);
    });

    it("pages that lead back to an earlier one end", async () => {
      odd.answers((_, count) => ({
        body: { value: [], "@odata.nextLink": `${odd.url}/v1.0/page?$skiptoken=${count % 3}` },
      }));
      assert.match(JSON.stringify(await failureFrom(collect(graph.memberPages(id(100))))), /read before/);
      assert.equal(odd.received.length, 4);
    });

    it("a page that names itself as the next one ends", async () => {
      const self = "/v1.0/again";
      odd.answers(() => ({ body: { value: [], "@odata.nextLink": `${odd.url}${self}` } }));
      assert.equal((await failureFrom(collect(graph.memberPages(id(100))))).kind, "unexpected");
    });

    it("a body that breaks off is read again", async () => {
      odd.answers(["resetInBody", { body: { value: [user(1)] } }]);
      assert.equal((await collect(graph.memberPages(id(100)))).flat().length, 1);
    });

    it("a list without values is an error, not an empty tenant", async () => {
      odd.answers([{ body: {} }]);
      assert.equal((await failureFrom(graph.subscribedSkus())).kind, "unexpected");
    });
  });

  describe("batches", () => {
    it("answers in any order find their requests, 20 at a time", async () => {
      odd.answers((request) => answerItems(request, ({ url }) => ({ status: 200, body: user(numberIn(url)) })));
      const ids = Array.from({ length: 45 }, (_, n) => id(n + 1));
      const users = await graph.users(ids);
      assert.deepEqual([...users.keys()], ids);
      for (const [asked, answer] of users) assert.ok("id" in answer && answer.id === asked);
      // They are under way side by side, and any may arrive first.
      const sizes = odd.received.map((request) => itemsOf(request).length);
      assert.deepEqual(new Set(sizes), new Set([20, 5]));
      assert.equal(sizes.length, 3);
      for (const request of odd.received) {
        const batchIds = itemsOf(request).map((item) => item.id);
        assert.equal(new Set(batchIds).size, batchIds.length);
        assert.ok(
          itemsOf(request).every((item) => item.url.startsWith("/users/") && item.url.includes("?$select=id,")),
        );
      }
    });

    it("a throttled item alone is sent again, after its own Retry-After", async () => {
      odd.answers((request, count) =>
        answerItems(request, ({ url }) => {
          const n = numberIn(url);
          if (count === 1 && n === 2) return { status: 429, headers: { "retry-after": "0.5" }, body: { error: {} } };
          if (count === 1 && n === 3) return { status: 503, headers: { "Retry-After": "2" } };
          return { status: 200, body: user(n) };
        }),
      );
      const users = await graph.users([id(1), id(2), id(3)]);
      assert.ok([...users.values()].every((answer) => "id" in answer));
      const [first, second, third] = odd.received;
      assert.ok(first && second && third && odd.received.length === 3);
      assert.deepEqual(
        itemsOf(second).map(({ url }) => numberIn(url)),
        [2],
      );
      assert.deepEqual(
        itemsOf(third).map(({ url }) => numberIn(url)),
        [3],
      );
      assert.equal(second.at - first.at, 500);
      assert.equal(third.at - first.at, 2_000);
    });

    it("an item that is always throttled ends as throttled, the others are done", async () => {
      odd.answers((request) =>
        answerItems(request, ({ url }) =>
          numberIn(url) === 2
            ? { status: 429, headers: { "Retry-After": "1" } }
            : { status: 200, body: user(numberIn(url)) },
        ),
      );
      const users = await graph.users([id(1), id(2)]);
      assert.deepEqual(users.get(id(2)), { kind: "throttled", retryAfterMs: 1_000 });
      assert.ok("id" in (users.get(id(1)) ?? {}));
      assert.equal(odd.received.length, 21);
    });

    it("a write without an answer in the batch is lost; a read is asked again", async () => {
      odd.answers((request) =>
        answerItems(request, ({ url }) => (numberIn(url) === 2 ? null : { status: 200, body: {} })),
      );
      const outcomes = await graph.removeDirect(proven([1, 2].map((n) => ({ userId: id(n), skuIds: [SKU] }))));
      assert.deepEqual(outcomes.get(id(1)), { kind: "done" });
      assert.equal(outcomes.get(id(2))?.kind, "failed");
      assert.match(JSON.stringify(outcomes.get(id(2))), /"lost"/);
      assert.equal(odd.received.length, 1);

      odd.received.length = 0;
      odd.answers((request, count) =>
        answerItems(request, ({ url }) => (count === 1 ? null : { status: 200, body: user(numberIn(url)) })),
      );
      assert.ok("id" in ((await graph.users([id(1)])).get(id(1)) ?? {}));
      assert.equal(odd.received.length, 2);
    });

    for (const reply of ["reset", "resetInBody", { status: 504 }, { status: 502 }, { status: 500 }] as Reply[]) {
      it(`a batch of writes answered by ${JSON.stringify(reply)} is lost and never repeated`, async () => {
        odd.answers([reply]);
        const outcomes = await graph.removeDirect(proven([1, 2].map((n) => ({ userId: id(n), skuIds: [SKU] }))));
        for (const outcome of outcomes.values()) {
          assert.equal(outcome.kind === "failed" ? outcome.failure.kind : "done", "lost");
        }
        assert.equal(outcomes.size, 2);
        assert.equal(odd.received.length, 1);
      });
    }

    it("a batch of writes with an unreadable success is lost", async () => {
      odd.answers([{ raw: "<html>" }]);
      const outcomes = await graph.removeDirect(proven([{ userId: id(1), skuIds: [SKU] }]));
      assert.match(JSON.stringify([...outcomes.values()]), /"lost"/);
    });

    it("a write that gets no answer in time is lost", async () => {
      odd.answers(["silence"]);
      const outcomes = await odd
        .connect({ requestTimeoutMs: 50 })
        .removeDirect(proven([{ userId: id(1), skuIds: [SKU] }]));
      assert.deepEqual(
        [...outcomes.values()],
        [{ kind: "failed", failure: { kind: "lost", detail: "no answer in time" } }],
      );
    });

    it("a throttled batch of writes was not done, and is sent again", async () => {
      odd.answers((request, count) =>
        count === 1
          ? { status: 429, headers: { "Retry-After": "3" } }
          : answerItems(request, () => ({ status: 200, body: {} })),
      );
      const outcomes = await graph.assignDirect(licensesFor([{ userId: id(1), skuIds: [SKU] }]));
      assert.deepEqual([...outcomes.values()], [{ kind: "done" }]);
      assert.equal((odd.received[1]?.at ?? 0) - (odd.received[0]?.at ?? 0), 3_000);
    });

    it("a proven write that is throttled is not repeated: after the wait its proof would be old", async () => {
      odd.answers((request) =>
        answerItems(request, ({ url }) =>
          numberIn(url) === 2 ? { status: 429, headers: { "Retry-After": "7" } } : { status: 200, body: {} },
        ),
      );
      const outcomes = await graph.removeDirect(proven([1, 2].map((n) => ({ userId: id(n), skuIds: [SKU] }))));
      assert.deepEqual(outcomes.get(id(1)), { kind: "done" });
      assert.deepEqual(outcomes.get(id(2)), { kind: "failed", failure: { kind: "throttled", retryAfterMs: 7_000 } });
      assert.equal(odd.received.length, 1);
      assert.deepEqual(odd.time.sleeps, []);
    });

    it("an HTTP date in Retry-After is waited for", async () => {
      const until = new Date(odd.time.now() + 42_000).toUTCString();
      odd.answers([{ status: 503, headers: { "Retry-After": until } }, { body: { value: [] } }]);
      await graph.subscribedSkus();
      assert.deepEqual(odd.time.sleeps, [42_000]);
    });

    it("both arrays of assignLicense are always there, with a Content-Type", async () => {
      odd.answers((request) => answerItems(request, () => ({ status: 200, body: {} })));
      await graph.removeDirect(proven([{ userId: id(1), skuIds: [SKU] }]));
      await graph.assignDirect([{ userId: id(1), licenses: [{ skuId: SKU, disabledPlans: [id(7)] }] }]);
      const [remove, add] = odd.received.map((request) => itemsOf(request)[0]);
      assert.deepEqual(remove?.body, { addLicenses: [], removeLicenses: [SKU] });
      assert.deepEqual(add?.body, { addLicenses: [{ skuId: SKU, disabledPlans: [id(7)] }], removeLicenses: [] });
      assert.equal(remove.headers?.["Content-Type"], "application/json");
      assert.equal(remove.url, `/users/${id(1)}/assignLicense`);
    });

    it("two writes for one user in one call are a bug of the caller", async () => {
      const twice = [
        { userId: id(1), skuIds: [SKU] },
        { userId: id(1), skuIds: [id(901)] },
      ];
      await assert.rejects(async () => graph.removeDirect(proven(twice)), /Two writes for one user/);
      assert.equal(odd.received.length, 0);
    });

    it("a refusal of one write leaves the others done", async () => {
      const message = "User does not have a corresponding license.";
      odd.answers((request) =>
        answerItems(request, ({ url }) =>
          numberIn(url) === 2
            ? { status: 400, body: { error: { code: "Request_BadRequest", message } } }
            : { status: 200, body: {} },
        ),
      );
      const outcomes = await graph.removeDirect(proven([1, 2, 3].map((n) => ({ userId: id(n), skuIds: [SKU] }))));
      assert.deepEqual(
        [...outcomes.values()],
        [
          { kind: "done" },
          { kind: "failed", failure: { kind: "licenseRule", rule: "notAssigned", plans: [], message } },
          { kind: "done" },
        ],
      );
    });

    it("the three reads of a unit go in one batch, and a long list of memberships is read to its end", async () => {
      odd.answers((request) => {
        if (request.url === "/v1.0/more") return { body: { value: [{ id: id(102) }] } };
        return answerItems(request, ({ url }) => {
          const n = numberIn(url);
          if (url.startsWith("/groups/")) return { status: 200, body: group(n) };
          if (!url.includes("/memberOf")) return { status: 200, body: user(n) };
          const value = [{ "@odata.type": "#microsoft.graph.group", id: id(101).toUpperCase() }];
          return { status: 200, body: n === 2 ? { value, "@odata.nextLink": `${odd.url}/v1.0/more` } : { value } };
        });
      });
      const fresh = await graph.freshUsers([id(1), id(2)], [id(101)]);
      assert.equal(odd.received.filter(({ url }) => url === "/v1.0/$batch").length, 1);
      assert.deepEqual(fresh.memberships.get(id(1)), new Set([id(101)]));
      assert.deepEqual(fresh.memberships.get(id(2)), new Set([id(101), id(102)]));
      assert.ok("id" in (fresh.users.get(id(2)) ?? {}) && "id" in (fresh.groups.get(id(101)) ?? {}));
    });
  });

  describe("tokens", () => {
    const refused: Reply = { status: 401, body: { error: { code: "InvalidAuthenticationToken", message: "expired" } } };

    it("a refused token is renewed once, and the write that it came with is sent again", async () => {
      odd.answers((request, count) =>
        count === 1 ? refused : answerItems(request, () => ({ status: 200, body: {} })),
      );
      const outcomes = await graph.assignDirect(licensesFor([{ userId: id(1), skuIds: [SKU] }]));
      assert.deepEqual([...outcomes.values()], [{ kind: "done" }]);
      assert.deepEqual(
        odd.received.map(({ headers }) => headers.authorization),
        ["Bearer token-1", "Bearer token-2"],
      );
    });

    it("a change of a group's licences is not sent again with a new token: its members are read anew", async () => {
      odd.answers([refused, { status: 202, body: {} }]);
      assert.deepEqual(await failureFrom(graph.assignGroupLicenses(id(100), [], [SKU])), TOKEN_REFUSED);
      assert.equal(odd.received.length, 1);
    });

    it("a second refusal is final", async () => {
      odd.answers([refused, refused]);
      assert.deepEqual(await failureFrom(graph.subscribedSkus()), {
        kind: "signIn",
        reason: "refused",
        detail: "InvalidAuthenticationToken: expired.",
      });
      assert.equal(odd.received.length, 2);
    });

    it("a refused item of a batch of adds is sent again with a new token, and a removal is not: its proof is made anew", async () => {
      odd.answers((request) =>
        answerItems(request, ({ url }) =>
          [1, 3].some((n) => request.headers.authorization === `Bearer token-${n}`) && numberIn(url) === 2
            ? { status: 401, body: { error: { code: "InvalidAuthenticationToken" } } }
            : { status: 200, body: {} },
        ),
      );
      const adds = [1, 2].map((n) => ({ userId: id(n), licenses: [{ skuId: SKU, disabledPlans: [] }] }));
      assert.deepEqual([...(await graph.assignDirect(adds)).values()], [{ kind: "done" }, { kind: "done" }]);
      assert.deepEqual(
        odd.received.map((request) => itemsOf(request).length),
        [2, 1],
      );
      const other = odd.connect();
      const outcomes = await other.removeDirect(proven([1, 2].map((n) => ({ userId: id(n), skuIds: [SKU] }))));
      const refused = { kind: "failed", failure: TOKEN_REFUSED } as const;
      assert.deepEqual([[...outcomes.values()], odd.received.length], [[{ kind: "done" }, refused], 3]);
    });

    it("a removal is not sent when its proof has grown old during a sign-in", async () => {
      odd.answers((request) => answerItems(request, () => ({ status: 200, body: {} })));
      const outcomes = await graph.removeDirect(
        proven([{ userId: id(1), skuIds: [SKU] }]),
        undefined,
        () => odd.credential.given === 0,
      );
      assert.deepEqual([...outcomes.values()], [{ kind: "failed", failure: { kind: "outdated" } }]);
      assert.equal(odd.received.length, 0);
    });

    it("one token serves many requests", async () => {
      odd.answers(() => ({ body: { value: [] } }));
      await Promise.all([graph.subscribedSkus(), graph.subscribedSkus(), graph.subscribedSkus()]);
      assert.equal(odd.credential.given, 1);
    });
  });

  describe("stopping", () => {
    const stopped = { kind: "stopped", reason: "a stop was requested" } as const;
    const throttled = { status: 429, headers: { "Retry-After": "60" } } as const;
    const ended = () => Promise.resolve(stopped.reason);

    it("ends a wait in a batch, and tells what was done from what was not", async () => {
      odd.answers((request) =>
        answerItems(request, ({ url }) => (numberIn(url) === 20 ? throttled : { status: 200, body: {} })),
      );
      const work = Array.from({ length: 21 }, (_, n) => ({ userId: id(n + 1), skuIds: [SKU] }));
      const outcomes = await graph.waitingBy(ended).assignDirect(licensesFor(work));
      assert.deepEqual(outcomes.get(id(1)), { kind: "done" });
      assert.deepEqual(outcomes.get(id(20)), { kind: "failed", failure: stopped });
      assert.deepEqual(outcomes.get(id(21)), { kind: "failed", failure: stopped }, "Graph takes no other write either");
      assert.equal(odd.received.length, 1);
    });

    it("a whole batch that was refused did nothing, and nothing behind it is sent", async () => {
      odd.answers(() => throttled);
      const work = Array.from({ length: 21 }, (_, n) => ({ userId: id(n + 1), skuIds: [SKU] }));
      const outcomes = await graph.waitingBy(ended).assignDirect(licensesFor(work));
      assert.deepEqual([...new Set(outcomes.values())].length, 21);
      for (const outcome of outcomes.values()) assert.deepEqual(outcome, { kind: "failed", failure: stopped });
      assert.equal(odd.received.length, 1);
    });

    it("ends the wait of a single read, and of reads in batches", async () => {
      odd.answers((request) => (request.url.includes("batch") ? answerItems(request, () => throttled) : throttled));
      assert.deepEqual(await failureFrom(odd.connect().waitingBy(ended).subscribedSkus()), stopped);
      assert.deepEqual(
        await failureFrom(
          odd
            .connect()
            .waitingBy(ended)
            .users([id(1), id(2)]),
        ),
        stopped,
      );
      assert.equal(odd.received.length, 2);
    });

    it("ends no wait of another client of the same tenant, which needs no sign-in of its own", async () => {
      odd.answers([throttled, { body: { value: [] } }]);
      assert.deepEqual(await failureFrom(graph.waitingBy(ended).subscribedSkus()), stopped);
      assert.deepEqual(await graph.subscribedSkus(), []);
      assert.deepEqual([odd.time.sleeps, odd.credential.given], [[60_000], 1], "what Graph asked of one, all wait for");
    });

    it("the caller that waits is told the reason", async () => {
      const heard: unknown[] = [];
      odd.answers([throttled, { status: 503 }, { status: 200, body: { value: [] } }]);
      await graph
        .waitingBy((ms, { because, status }) => {
          heard.push([ms, because, status]);
          return odd.time.sleep(ms);
        })
        .subscribedSkus();
      assert.deepEqual(heard, [
        [60_000, "throttled", 429],
        [250, "unavailable", 503],
      ]);
    });

    it("a batch waits for nothing more after its neighbour has failed, and is not sent again", async () => {
      let moot: Promise<boolean> | undefined;
      odd.answers((request) =>
        itemsOf(request).length === 20
          ? throttled
          : { status: 403, body: { error: { code: "Denied", message: "no" } } },
      );
      const many = Array.from({ length: 25 }, (_, n) => id(n + 1));
      const failure = await failureFrom(
        graph
          .waitingBy(async (_ms, { isMoot }) => {
            moot = (async () => {
              while (!isMoot()) await new Promise((done) => setImmediate(done));
              return true;
            })();
            await moot;
            return null;
          })
          .users(many),
      );
      assert.equal(failure.kind, "forbidden");
      assert.equal(await moot, true);
      await new Promise((done) => setTimeout(done, 50));
      assert.equal(odd.received.length, 2);
    });
  });

  describe("what an observer hears", () => {
    it("each request with what it carries, and each wait", async () => {
      const heard: unknown[] = [];
      odd.answers((request, count) =>
        count === 1
          ? { status: 429, headers: { "Retry-After": "3" } }
          : answerItems(request, ({ url }) =>
              count === 2 && numberIn(url) === 2
                ? { status: 429, headers: { "Retry-After": "1" } }
                : { status: 200, body: {} },
            ),
      );
      const start = odd.time.now();
      await odd
        .connect({ onRequest: (event) => heard.push(event) })
        .assignDirect(licensesFor([1, 2].map((n) => ({ userId: id(n), skuIds: [SKU] }))));
      const sent = { kind: "sent", method: "POST", url: "/$batch", write: true };
      assert.deepEqual(heard, [
        { ...sent, requests: 2 },
        { kind: "waiting", because: "throttled", untilMs: start + 3_000, requests: 2 },
        { ...sent, requests: 2 },
        { kind: "waiting", because: "throttled", untilMs: start + 4_000, requests: 1 },
        { ...sent, requests: 1 },
      ]);
    });
  });

  describe("names in a query", () => {
    it("a quote in a group's name is doubled, and the rest is encoded", async () => {
      odd.answers((request) => answerItems(request, () => ({ status: 200, body: { value: [] } })));
      const name = "R&D's https://x/ 100%";
      assert.deepEqual((await graph.findGroups([name])).get(name), []);
      const url = new URL(odd.received.flatMap(itemsOf)[0]?.url ?? "", odd.url);
      assert.equal(url.searchParams.get("$filter"), "displayName eq 'R&D''s https://x/ 100%'");
    });

    it("a user principal name with # or a leading $ takes its documented form", async () => {
      odd.answers((request) => answerItems(request, () => ({ status: 404, body: {} })));
      await graph.findUsers(["a_b.com#EXT#@contoso.com", "$x@contoso.com"]);
      assert.deepEqual(
        odd.received.flatMap(itemsOf).map(({ url }) => url.split("?")[0]),
        ["/users/a_b.com%23EXT%23@contoso.com", "/users('$x@contoso.com')"],
      );
    });
  });

  describe("changes of users' licences in the audit log", () => {
    const record = (n: number): object => ({
      activityDateTime: "2026-11-20T12:00:00Z",
      result: "success",
      initiatedBy: { app: { displayName: "svc-licensing" }, user: null },
      targetResources: [{ id: id(n), type: "User" }],
    });
    const page = (n: number, isLast: boolean): Reply => {
      const next = isLast ? {} : { "@odata.nextLink": `${odd.url}/v1.0/${n + 1}` };
      return { body: { value: [record(n), null, { odd: true }], ...next } };
    };
    const since = new Date("2026-11-20T11:55:00Z");

    it("are asked for in one listing of all users, the newest first, without $select", async () => {
      odd.answers([page(1, true)]);
      await graph.licenseChanges(since);
      const { pathname, searchParams } = new URL(odd.received[0]?.url ?? "", odd.url);
      assert.equal(pathname, "/v1.0/auditLogs/directoryAudits");
      assert.deepEqual(Object.fromEntries(searchParams), {
        $filter: "activityDisplayName eq 'Change user license' and activityDateTime ge 2026-11-20T11:55:00.000Z",
        $orderby: "activityDateTime desc",
        $top: "999",
      });
    });

    it("are read to the last page; what is no record is passed over", async () => {
      odd.answers((_, count) => page(count, count === 10));
      const { changes, cutBy } = await graph.licenseChanges(since);
      assert.deepEqual([changes.length, cutBy, odd.received.length], [10, null, 10]);
    });

    it("are cut after ten pages, and that is said", async () => {
      odd.answers((_, count) => page(count, false));
      const { changes, cutBy } = await graph.licenseChanges(since);
      assert.deepEqual([changes.length, cutBy], [10, "length"]);
      assert.equal(odd.received.length, 11);
    });

    it("that are not answered to the end leave the newest, with the time up to which they go back", async () => {
      odd.answers([page(1, false), { status: 403 }]);
      const { changes, cutBy, oldestMs } = await graph.licenseChanges(since);
      assert.equal(changes.length, 1);
      assert.ok(typeof cutBy === "object" && cutBy?.kind === "forbidden");
      assert.equal(oldestMs, Date.parse("2026-11-20T12:00:00Z"));
    });

    it("are not waited for beyond the patience of the run, which says so", async () => {
      odd.answers([{ status: 429, headers: { "Retry-After": "30" } }]);
      const before = odd.time.now();
      const asked = graph.withPatience(25_000, "the audit log").licenseChanges(since);
      await assert.rejects(asked, /The wait for the audit log \(throttled\) is longer than the 25 s/);
      assert.equal(odd.received.length, 1);
      assert.ok(odd.time.now() - before < 1_000);
    });

    it("wait where the log's own quota says so, and go on", async () => {
      odd.answers([page(1, false), { status: 429, headers: { "Retry-After": "7" } }, page(2, true)]);
      const before = odd.time.now();
      assert.equal((await graph.licenseChanges(since)).changes.length, 2);
      assert.ok(odd.time.now() - before >= 7_000);
    });
  });
});

describe("a Graph that cannot be reached", () => {
  it("with an untrusted certificate is refused at once, and named", async () => {
    const odd = await OddGraph.start();
    const failure = await failureFrom(odd.connect().subscribedSkus());
    assert.equal(failure.kind === "unreachable" ? failure.reason : failure.kind, "certificate");
    assert.equal(failure.kind === "unreachable" && failure.host, new URL(odd.url).host);
    assert.deepEqual([odd.received, odd.time.sleeps], [[], []]);
    await odd.close();
  });

  it("that is down is tried four times", async () => {
    const odd = await OddGraph.start();
    await odd.close();
    const failure = await failureFrom(odd.connect().subscribedSkus());
    assert.equal(failure.kind === "unreachable" ? failure.reason : failure.kind, "refused");
    assert.equal(odd.time.sleeps.length, 3);
  });

  it("a write to it was not sent, and so is not lost", async () => {
    const odd = await OddGraph.start();
    await odd.close();
    const outcomes = await odd.connect().removeDirect(proven([{ userId: id(1), skuIds: [SKU] }]));
    const [outcome] = [...outcomes.values()];
    assert.equal(outcome?.kind === "failed" ? outcome.failure.kind : "done", "unreachable");
  });

  it("ends a long list of writes after the first batch", async () => {
    const odd = await OddGraph.start();
    await odd.close();
    const work = Array.from({ length: 45 }, (_, n) => ({ userId: id(n + 1), skuIds: [SKU] }));
    const outcomes = await odd.connect().assignDirect(licensesFor(work));
    assert.equal(outcomes.size, 45);
    for (const outcome of outcomes.values()) {
      assert.equal(outcome.kind === "failed" ? outcome.failure.kind : "done", "unreachable");
    }
    assert.equal(odd.time.sleeps.length, 3);
  });

  it("a host that does not exist", async () => {
    const nowhere = connectForWriting(
      { cloud: { graph: "https://graph.invalid", authority: "https://login.invalid" }, tenant: id(1) },
      { credential: new CountingCredential(), pauses: new FakeTime(), random: () => 0 },
    );
    const failure = await failureFrom(nowhere.subscribedSkus());
    assert.equal(failure.kind === "unreachable" ? failure.reason : failure.kind, "dns");
  });
});
