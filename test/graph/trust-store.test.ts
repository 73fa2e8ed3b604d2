import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { companyCertificates } from "./company-root";
import { OddGraph } from "./odd-graph";
import { answerSignInAt, readSkusInProcess } from "./sku-process";

describe("the trust store of a process", function () {
  this.timeout(120_000);
  let odd: OddGraph;
  let folder: string;
  let root: string;

  before(async () => {
    const company = await companyCertificates();
    odd = await OddGraph.start(company.server);
    answerSignInAt(odd, odd.url);
    folder = await mkdtemp(join(tmpdir(), "graph-trust-"));
    root = join(folder, "root.pem");
    await writeFile(root, company.root);
  });

  after(async () => {
    await odd.close();
    await rm(folder, { recursive: true });
  });

  it("a company's root in NODE_EXTRA_CA_CERTS is honoured by the sign-in and by Graph", async () => {
    assert.deepEqual(await readSkusInProcess(odd.url, { NODE_EXTRA_CA_CERTS: root }), { skus: 0 });
  });

  it("a company's root in the store of the system is honoured with --use-system-ca", async function () {
    if (!process.allowedNodeEnvironmentFlags.has("--use-system-ca")) this.skip();
    const environment = { NODE_OPTIONS: "--use-system-ca", SSL_CERT_FILE: root };
    assert.deepEqual(await readSkusInProcess(odd.url, environment), { skus: 0 });
  });

  it("without it the certificate is refused", async () => {
    const { kind, reason } = await readSkusInProcess(odd.url, {});
    assert.deepEqual([kind, reason], ["unreachable", "certificate"]);
  });
});
