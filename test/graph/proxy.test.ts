import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeProxy, proxyOf } from "../../graph/client/proxy";
import { companyCertificates } from "./company-root";
import { ConnectProxy, HOST_BEHIND_PROXY } from "./connect-proxy";
import { OddGraph } from "./odd-graph";
import { answerSignInAt, readSkusInProcess } from "./sku-process";

describe("a proxy that is the only way out", function () {
  this.timeout(120_000);
  let odd: OddGraph;
  let proxy: ConnectProxy;
  let folder: string;
  let root: string;
  let url: string;

  before(async () => {
    const company = await companyCertificates();
    odd = await OddGraph.start(company.server);
    url = odd.url.replace("localhost", HOST_BEHIND_PROXY);
    folder = await mkdtemp(join(tmpdir(), "graph-proxy-"));
    root = join(folder, "root.pem");
    await writeFile(root, company.root);
  });

  beforeEach(async () => {
    odd.received.length = 0;
    answerSignInAt(odd, url);
    proxy = await ConnectProxy.start("ada:s3cret");
  });

  afterEach(() => proxy.close());

  after(async () => {
    await odd.close();
    await rm(folder, { recursive: true });
  });

  const read = (environment: Readonly<Record<string, string>>, at = url) =>
    readSkusInProcess(at, { NODE_EXTRA_CA_CERTS: root, ...environment });
  const signIns = () => odd.received.filter((request) => request.url.includes("/token")).length;
  const reads = () => odd.received.filter((request) => request.url.includes("subscribedSkus")).length;

  for (const variable of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"]) {
    it(`in ${variable} takes the sign-in and Graph, and keeps Graph's tunnel`, async () => {
      assert.deepEqual(await read({ [variable]: `http://ada:s3cret@${proxy.address}` }), { skus: 0 });
      assert.deepEqual([signIns(), reads()], [1, 1]);
      const host = new URL(url).host;
      assert.deepEqual([...new Set(proxy.tunnels)], [host]);
      assert.ok(proxy.tunnels.length <= 2, `${proxy.tunnels.length} tunnels`);
    });
  }

  it("without it nothing reaches the host", async () => {
    const { kind, reason } = await read({});
    assert.deepEqual([kind, reason, proxy.tunnels], ["unreachable", "dns", []]);
  });

  for (const except of ["localhost", "*", "example.com,localhost", `localhost:PORT`]) {
    it(`is passed by for what NO_PROXY names: ${except}`, async () => {
      answerSignInAt(odd, odd.url);
      const environment = {
        HTTPS_PROXY: `http://${proxy.address}`,
        NO_PROXY: except.replace("PORT", new URL(odd.url).port),
      };
      assert.deepEqual(await read(environment, odd.url), { skus: 0 });
      assert.deepEqual([signIns(), reads(), proxy.tunnels], [1, 1, []]);
    });
  }

  it("is named where it refuses, without its password", async () => {
    const failure = await read({ HTTPS_PROXY: `http://ada:wr0ng@${proxy.address}` });
    assert.deepEqual([failure["kind"], failure["reason"]], ["unreachable", "proxy"]);
    assert.match(
      String(failure["detail"]),
      /answers 407; HTTPS goes through the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTPS_PROXY\)/,
    );
    assert.doesNotMatch(JSON.stringify(failure), /wr0ng/);
    assert.equal(odd.received.length, 0);
  });

  it("that is no address is said to be none, and what it holds is not repeated", async () => {
    const failure = await read({ HTTPS_PROXY: "socks5://ada:s3cret@proxy.example.com" });
    assert.match(JSON.stringify(failure), /HTTPS_PROXY is not the address of an HTTP proxy/);
    assert.doesNotMatch(JSON.stringify(failure), /s3cret/);
  });
});

describe("the proxy of an environment", () => {
  const table: [environment: Record<string, string>, words: string | null][] = [
    [{}, null],
    [{ HTTPS_PROXY: "" }, null],
    [{ NO_PROXY: "localhost" }, null],
    [{ HTTPS_PROXY: "proxy.example.com:8080" }, "the proxy http://proxy.example.com:8080 (HTTPS_PROXY)"],
    [{ HTTPS_PROXY: "https://ada:s3cret@proxy.example.com" }, "the proxy https://proxy.example.com (HTTPS_PROXY)"],
    [{ http_proxy: "http://a:1", ALL_PROXY: "http://b:2" }, "the proxy http://b:2 (ALL_PROXY)"],
    [
      { https_proxy: "http://a:1", HTTPS_PROXY: "http://b:2", NO_PROXY: ".corp, localhost" },
      "the proxy http://a:1 (https_proxy), but for .corp, localhost (NO_PROXY)",
    ],
  ];
  for (const [environment, words] of table) {
    it(`${JSON.stringify(environment)}: ${words ?? "none"}`, () => {
      const proxy = proxyOf(environment);
      assert.equal(proxy === null ? null : describeProxy(proxy), words);
    });
  }
});
