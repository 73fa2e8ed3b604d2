import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "../../../licensing/refusal";
import { environmentOf, refuseFolderInCheckout } from "../../../cli/tenants/environment";
import { roomForRuns } from "../../../cli/tenants/in-lanes";
import { stacksIn, type TenantStack } from "../../../cli/tenants/stacks";

describe("entra-licensing tenants: which stacks, with which credentials", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tenants-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  describe("stacks", () => {
    beforeEach(() => {
      const write = (name: string, config: string) => writeFileSync(join(folder, `Pulumi.${name}.yaml`), config);
      write("contoso", "config: { licensing:tenant: contoso.com }");
      write("contoso-cn", "config: { licensing:tenant: contoso.cn, licensing:cloud: china }");
      write("fabrikam", "config: [");
      write(
        "demo",
        "config: { licensing:tenant: d, licensing:cloud: { graph: 'https://localhost:8443', authority: x } }",
      );
      writeFileSync(join(folder, "contoso.findings.md"), "");
    });
    const names = (...words: string[]) => stacksIn(folder, words).map(({ name }) => name);

    it("are all of the folder but those on this machine, one that can't be read among them: its own run says what is wrong", () => {
      assert.deepEqual(names(), ["contoso", "contoso-cn", "fabrikam"]);
      assert.deepEqual(
        stacksIn(folder, []).map(({ tenant }) => tenant),
        ["contoso.com", "contoso.cn", null],
      );
    });

    it("are those that are named, by name or pattern, each once", () => {
      assert.deepEqual(names("contoso*"), ["contoso", "contoso-cn"]);
      assert.deepEqual(names("fabrikam", "contoso", "contoso"), ["contoso", "fabrikam"]);
      assert.deepEqual(names("demo"), ["demo"], "its name is an explicit choice");
      assert.deepEqual(names("*o"), ["contoso"]);
    });

    it("are refused where a word names none: a typing error must not leave a tenant out", () => {
      assert.throws(
        () => names("contoso", "fabricam"),
        /has no stack "fabricam"\. It has: contoso, contoso-cn, demo, fabrikam\./,
      );
      assert.throws(() => names("contos."), Refusal, "a dot is a dot");
      assert.throws(() => names("dem*"), /no stack of a tenant/);
    });
  });

  describe("credentials", () => {
    const stack = (name: string, tenant: string | null = `${name}.com`): TenantStack => ({ name, tenant, file: "" });
    const write = (name: string, text: string, mode = 0o600) => {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), mode);
    };
    const env = {
      PATH: "/bin",
      AZURE_TENANT_ID: "mine",
      AZURE_CLIENT_ID: "app",
      AZURE_CLIENT_SECRET: "s",
      ARM_CLIENT_ID: "app",
    };

    it("without a folder are those of one app that all tenants know, each in its own tenant", () => {
      assert.deepEqual(environmentOf(stack("contoso"), undefined, env), { ...env, AZURE_TENANT_ID: "contoso.com" });
    });

    it("from a folder are the stack's own and those for all, and no other stack's", () => {
      write("all.env", 'AZURE_CLIENT_ID=shared\nPULUMI_CONFIG_PASSPHRASE=""\n');
      write("contoso.env", "AZURE_CLIENT_SECRET='x y'\n# a comment\nAZURE_TENANT_ID=6f1c\n");
      assert.deepEqual(environmentOf(stack("contoso"), folder, env), {
        PATH: "/bin",
        AZURE_CLIENT_ID: "shared",
        AZURE_CLIENT_SECRET: "x y",
        AZURE_TENANT_ID: "6f1c",
        PULUMI_CONFIG_PASSPHRASE: "",
      });
      assert.deepEqual(environmentOf(stack("fabrikam"), folder, env), {
        PATH: "/bin",
        AZURE_CLIENT_ID: "shared",
        AZURE_TENANT_ID: "fabrikam.com",
        PULUMI_CONFIG_PASSPHRASE: "",
      });
    });

    it("of a workflow serve the stacks with no other credentials in their files", () => {
      const workflow = { AZURE_FEDERATED_TOKEN_FILE: "/token", AZURE_TOKEN_CREDENTIALS: "WorkloadIdentityCredential" };
      write("contoso.env", "AZURE_CLIENT_ID=one");
      write("fabrikam.env", "AZURE_CLIENT_ID=two\nAZURE_CLIENT_SECRET=s");
      const own = environmentOf(stack("contoso"), folder, { ...env, ...workflow });
      assert.deepEqual(own, { PATH: "/bin", ...workflow, AZURE_CLIENT_ID: "one", AZURE_TENANT_ID: "contoso.com" });
      const other = environmentOf(stack("fabrikam"), folder, { ...env, ...workflow });
      assert.equal(other["AZURE_FEDERATED_TOKEN_FILE"], undefined);
    });

    it("are refused where there are none, or where others could read them", () => {
      write("contoso.env", "A=1", 0o644);
      assert.throws(() => environmentOf(stack("fabrikam"), folder, env), /has neither fabrikam\.env nor all\.env/);
      if (process.platform !== "win32") {
        assert.throws(() => environmentOf(stack("contoso"), folder, env), /can be read by others .*: chmod 600 /);
        write("contoso.env", "A=1");
        chmodSync(folder, 0o720);
        assert.throws(() => environmentOf(stack("contoso"), folder, env), /can be written by others .*chmod 700 /);
        chmodSync(folder, 0o700);
      }
    });

    it("are refused in a folder of another user, who could swap its files", function () {
      if (process.geteuid?.() !== 0) this.skip();
      write("contoso.env", "A=1");
      chownSync(folder, 12_345, -1);
      assert.throws(() => environmentOf(stack("contoso"), folder, env), /can be written by others .*chown/);
      chownSync(folder, 0, -1);
      assert.equal(environmentOf(stack("contoso"), folder, env)["A"], "1");
    });

    it("are never looked for in the checkout, where a commit would take them along", () => {
      const checkout = join(__dirname, "..", "..", "..");
      assert.throws(() => refuseFolderInCheckout(checkout), /is inside this repository/);
      assert.throws(() => refuseFolderInCheckout(join(checkout, "stacks", "env")), /is inside this repository/);
      refuseFolderInCheckout(join(checkout, "..", "secrets"));
      refuseFolderInCheckout(join(checkout, "..", "..secrets"));
      refuseFolderInCheckout(undefined);
    });
  });

  const GIB = 1024 ** 3;
  for (const [free, cores, runs] of [
    [1 * GIB, 4, 1],
    [0.2 * GIB, 4, 1],
    [6 * GIB, 4, 4],
    [6 * GIB, 2, 2],
    [4 * GIB, 16, 2],
    [64 * GIB, 64, 8],
  ] as const) {
    it(`runs ${runs} at a time with ${free / GIB} GiB free and ${cores} cores`, () => {
      assert.equal(roomForRuns(free, cores), runs);
    });
  }
});
