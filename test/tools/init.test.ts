import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { init } from "../../cli/init/init";
import { Refusal } from "../../licensing/refusal";

describe("entra-licensing init", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "init-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A terminal at which a person answers each question as it comes; `null` closes it. */
  function terminal(answers: readonly (string | null)[]) {
    const input = new PassThrough();
    const output = new PassThrough();
    const left = [...answers];
    let asked = "";
    output.on("data", (chunk: Buffer) => {
      asked += chunk.toString();
      if (!chunk.toString().endsWith(": ")) return;
      const answer = left.shift();
      if (answer === null) input.end();
      else input.write(`${answer ?? ""}\n`);
    });
    return { input, output, isTerminal: true, asked: () => asked };
  }
  const github = { pipeline: "github", json: true } as const;

  it("asks at a terminal for what is not given, again where an answer can't be used", async () => {
    const person = terminal(["contoso com", "contoso.com", "contoso"]);
    await init(github, folder, person);
    assert.equal(person.asked().match(/The tenant, as an id or a domain: /g)?.length, 2);
    const file = readFileSync(join(folder, "stacks", "Pulumi.contoso.yaml"), "utf8");
    assert.match(file, /licensing:tenant: contoso\.com/);
  });

  it("asks for nothing that is given", async () => {
    const person = terminal(["contoso"]);
    await init({ ...github, tenant: "contoso.com" }, folder, person);
    assert.doesNotMatch(person.asked(), /tenant/);
    assert.ok(existsSync(join(folder, "stacks", "Pulumi.contoso.yaml")));
  });

  it("writes nothing where the questions are left unanswered", async () => {
    await assert.rejects(
      init(github, folder, terminal([null])),
      /Nothing was written: the questions were left unanswered/,
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  it("refuses without a terminal, with each option that is missing and a line to copy", async () => {
    await assert.rejects(init(github, folder, { ...terminal([]), isTerminal: false }), (error) => {
      assert.ok(error instanceof Refusal);
      assert.match(
        error.message,
        /^Nothing was written: --tenant and --stack must be given, because there is no terminal/,
      );
      assert.match(
        error.message,
        /--tenant: The tenant, as an id or a domain\.\n {2}--stack: .*\nFor example: npx .* init --tenant/,
      );
      return true;
    });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("writes how to leave into the README, and rules that hold", async () => {
    await init({ ...github, tenant: "contoso.com", stack: "contoso" }, folder);
    assert.match(
      readFileSync(join(folder, "README.md"), "utf8"),
      /rollback --stack contoso` puts .* once more lifts the protection; then `pulumi destroy`/,
    );
    assert.ok("canary-first" in (JSON.parse(readFileSync(join(folder, "guardrails.json"), "utf8")) as object));
  });
});
