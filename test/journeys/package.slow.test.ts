import assert from "node:assert/strict";
import { execFile, type ExecFileException } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, it } from "mocha";
import { parse, stringify } from "yaml";
import { locateEngine } from "../../cli/engine/locate";
import { seedTenant, type Emulator } from "../../emulator";
import { watchedEmulator } from "../contract/watched-emulator";
import { migrationPermissions } from "../../emulator/directory/spec";
import { GitHubStandIn } from "../tools/pipeline/github-stand-in";
import { AzureRunner } from "./azure-runner";
import { git, GitHubRunner } from "./github-runner";
import { seedStackFile } from "./journey";

const root = join(__dirname, "..", "..");

/** Nothing of the checkout but the packed file, and, where no registry answers, the packages that it depends on. */
describe("journey: the packed file in an empty folder, from init to destroy", function () {
  this.timeout(600_000);
  let folder: string;
  let repository: string;
  let engine: string;
  let packed: string;
  let emulator: Emulator;
  let github: GitHubStandIn;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-packed-"));
    for (const name of ["tool", "repository", "state", "home"]) mkdirSync(join(folder, name));
    repository = join(folder, "repository");
    // Where a user has an engine: in no folder of set-up's.
    engine = join(folder, "engine");
    const [setUpsOwn] = locateEngine().pathFolders;
    if (setUpsOwn !== undefined) symlinkSync(setUpsOwn, engine, "junction");
    const processing = { queueMs: 10, usersPerSecond: 100_000, joinMs: 10, leaveMs: 10 };
    github = await GitHubStandIn.start();
    const federated = [github.federatedFor("repo:contoso/licences:environment:contoso-plan")];
    const apps = [{ name: "licensing", permissions: [...migrationPermissions], federated }];
    emulator = await watchedEmulator({ tenant: { ...seedTenant({ users: 30 }), apps }, processing });
  });
  after(async () => {
    await emulator.close();
    await github.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The environment of a user: an engine on the PATH, and nothing that `npm run pulumi` sets. */
  function environment(): NodeJS.ProcessEnv {
    const { HOME, PATH } = process.env;
    return {
      HOME,
      PATH: [engine, PATH].join(delimiter),
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...emulator.credentials(),
      AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
      NODE_EXTRA_CA_CERTS: emulator.caFile,
    };
  }

  function run(command: string, args: readonly string[], cwd = repository): Promise<{ code: number; said: string }> {
    return new Promise((done) => {
      const options = { cwd, env: environment(), maxBuffer: 64 * 1024 * 1024 };
      execFile(command, [...args], options, (error: ExecFileException | null, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code ?? 1), said: stdout + stderr });
      });
    });
  }

  async function pulumi(...args: readonly string[]): Promise<string> {
    const { code, said } = await run("pulumi", [...args, "--non-interactive", "--stack", "contoso"]);
    assert.equal(code, 0, said);
    return said;
  }

  const stackFile = () => join(repository, "stacks", "Pulumi.contoso.yaml");
  function edit(changes: Readonly<Record<string, unknown>>): void {
    const file = parse(readFileSync(stackFile(), "utf8")) as { config: object };
    writeFileSync(stackFile(), stringify({ ...file, config: { ...file.config, ...changes } }));
  }
  const direct = () => ["EMS", "ENTERPRISEPACK"].flatMap((sku) => emulator.tenant.directAssignments(sku)).length;

  it("npm pack gives JavaScript, types and source maps, and neither tests nor developers' tools", async () => {
    const { code, said } = await run("npm", ["pack", "--pack-destination", folder, "--json", "--silent"], root);
    assert.equal(code, 0, said);
    packed = join(
      folder,
      readdirSync(folder).find((name) => /^entra-group-licensing-\d+\.\d+\.\d+\.tgz$/.test(name)) ?? "",
    );
    const { said: list } = await run("tar", ["-tzf", packed]);
    const files = list.trim().split("\n");
    for (const file of ["dist/index.js", "dist/index.js.map", "dist/emulator/index.d.ts", "entry/command.cjs"]) {
      assert.ok(files.includes(`package/${file}`), file);
    }
    assert.deepEqual(
      files.filter((file) => /^package\/(test|dev|node_modules)\/|(?<!\.d)\.ts$/.test(file)),
      [],
    );
  });

  it("npx runs init from the packed file in an empty folder: it writes a repository, and replaces no file", async () => {
    const { AZURE_TENANT_ID } = emulator.credentials();
    const words = ["init", "--tenant", AZURE_TENANT_ID, "--stack", "contoso"];
    const first = await npx(["entra-group-licensing", ...words]);
    let modules = join(folder, "tool", "node_modules");
    if (first.code === 0) {
      const { said } = await npx(["-c", "command -v entra-group-licensing"]);
      modules = /^(\/.+)\/\.bin\/entra-group-licensing$/m.exec(said)?.[1] ?? "";
    } else {
      // No registry answers, so npx can't fetch what the package depends on.
      await linkDependencies(join(folder, "tool"));
    }
    const command = join(modules, "entra-group-licensing", "entry", "command.cjs");
    if (first.code !== 0) assert.equal((await run(process.execPath, [command, ...words])).code, 0);
    const written = [
      ".gitignore",
      "Pulumi.yaml",
      "README.md",
      "guardrails.json",
      "index.cjs",
      "package.json",
      "stacks/Pulumi.contoso.yaml",
      ...["plan", "apply", "apply-stack", "drift"].map((name) => `.github/workflows/${name}.yml`),
    ];
    for (const file of written) {
      assert.ok(existsSync(join(repository, file)), file);
      assert.doesNotMatch(readFileSync(join(repository, file), "utf8"), /__[A-Z]+__/);
    }
    const again = await run(process.execPath, [command, ...words]);
    assert.equal(again.code, 1);
    assert.match(again.said, /Nothing was written: .*Pulumi\.yaml/);
    const azure = join(folder, "azure");
    mkdirSync(azure);
    assert.equal((await run(process.execPath, [command, ...words, "--pipeline", "azure-devops"], azure)).code, 0);
    for (const name of ["azure-pipelines.yml", ".azure-pipelines"])
      renameSync(join(azure, name), join(repository, name));
    cpSync(modules, join(repository, "node_modules"), { recursive: true, verbatimSymlinks: true });
  });

  function npx(words: readonly string[]): Promise<{ code: number; said: string }> {
    return run("npx", ["--yes", "--prefer-offline", "--ignore-scripts", "--package", packed, ...words]);
  }

  async function linkDependencies(tool: string): Promise<void> {
    const modules = join(tool, "node_modules");
    const own = join(modules, "entra-group-licensing");
    mkdirSync(own, { recursive: true });
    await run("tar", ["-xzf", packed, "-C", own, "--strip-components=1"]);
    for (const name of readdirSync(join(root, "node_modules"))) {
      if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(modules, name), "junction");
    }
  }

  it("plain pulumi previews and licenses the groups", async () => {
    edit({
      "licensing:cloud": { graph: emulator.url, authority: emulator.url },
      "licensing:groups": seedStackFile["licensing:groups"],
      "licensing:waves": [
        { name: "canary", count: 5, soak: "24 hours" },
        { name: "everyone", percent: 100 },
      ],
    });
    const { code, said } = await run("pulumi", ["stack", "init", "contoso"]);
    assert.equal(code, 0, said);
    const before = direct();
    assert.match(await pulumi("preview"), /canary/);
    await pulumi("up", "--yes");
    assert.equal(direct(), before);
  });

  it("its workflow plans a pull request by the Action in the package, with its identity", async () => {
    git(repository, "init", "--quiet");
    commit("Where we stand");
    git(repository, "checkout", "--quiet", "-b", "canary");
    edit({ "licensing:applyThrough": "canary" });
    const headSha = commit("The canary goes");
    git(repository, "checkout", "--quiet", "main");
    git(repository, "merge", "--quiet", "--no-ff", "--message", "Merge", "canary");
    github.addPull({ number: 1, headSha, mergeSha: null });
    const { PULUMI_BACKEND_URL = "", PULUMI_CONFIG_PASSPHRASE = "", AZURE_CLIENT_SECRET: _, ...env } = environment();
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID } = emulator.credentials();
    const variables = {
      "": { LICENSING_STACKS: '["contoso"]' },
      "contoso-plan": { AZURE_TENANT_ID, AZURE_CLIENT_ID, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE },
    };
    const machine = {
      env: { ...env, AZURE_TOKEN_CREDENTIALS: undefined },
      modules: join(repository, "node_modules"),
      variables,
    };
    const runner = new GitHubRunner(github, repository, folder, machine);
    const commitSha = git(repository, "rev-parse", "HEAD");
    const planned = await runner.run("plan", { name: "pull_request", commit: commitSha, headSha, pullRequest: 1 });
    assert.deepEqual(planned.jobs, { stacks: "success", "plan (contoso)": "success" }, planned.text);
    assert.match(github.commentsOn(1).join(), /removes \d+ direct assignments from 5 users\. No user loses a service/);
  });

  it("its pipeline of Azure DevOps plans and applies a touched stack, and leaves one alone that is not", async () => {
    const started = { "Build.Reason": "IndividualCI", "Build.SourceBranch": "refs/heads/main", TF_BUILD: "True" };
    const about = { ...environment(), AGENT_TEMPDIRECTORY: folder };
    const agent = new AzureRunner(repository, join(folder, "artifacts"), about, {
      "licensing-read": {},
      "licensing-write": {},
    });
    const before = direct();
    const run = await agent.run(started);
    assert.deepEqual(
      run.stages,
      { stacks: "succeeded", plan_contoso: "succeeded", apply_contoso: "succeeded" },
      run.text,
    );
    assert.match(run.text, /### ✅ As reviewed/);
    const [, summary = ""] = [...run.text.matchAll(/##vso\[task\.uploadsummary\](.*)/g)].at(-1) ?? [];
    assert.match(readFileSync(summary, "utf8"), /## Applied: licences of contoso/);
    assert.ok(direct() < before);
    writeFileSync(join(repository, "README.md"), "Ours");
    commit("Words");
    const untouched = await agent.run(started);
    assert.deepEqual(untouched.stages, { stacks: "succeeded", plan_contoso: "skipped", apply_contoso: "skipped" });
    emulator.clock.advance(25 * 3_600_000);
  });

  function commit(message: string): string {
    git(repository, "add", "--all");
    git(repository, "commit", "--quiet", "--message", message);
    return git(repository, "rev-parse", "HEAD");
  }

  it("plain pulumi moves all users, and then finds nothing to do", async () => {
    edit({ "licensing:applyThrough": "everyone" });
    await pulumi("up", "--yes");
    assert.equal(direct(), 0);
    await pulumi("preview", "--expect-no-changes");
  });

  it("the command finds the same repository", async () => {
    const { code, said } = await run(join(repository, "node_modules", ".bin", "entra-licensing"), [
      ...["plan", "--stack", "contoso"],
    ]);
    assert.equal(code, 0, said);
    assert.ok(existsSync(join(repository, "plans", "contoso", "plan.html")));
  });

  it("destroy is refused while users depend on the groups, and passes after a rollback", async () => {
    const refused = await run("pulumi", ["destroy", "--yes", "--non-interactive", "--stack", "contoso"]);
    assert.notEqual(refused.code, 0);
    edit({
      "licensing:waves": [
        { name: "canary", count: 5, rollback: true },
        { name: "everyone", percent: 100, rollback: true },
      ],
    });
    await pulumi("up", "--yes");
    assert.ok(direct() > 0);
    // Lifts the protection of the record: docs/operate.md.
    await pulumi("up", "--yes");
    await pulumi("destroy", "--yes");
    assert.deepEqual(emulator.history.losses({ except: "people" }), []);
  });

  it("its component does the same in a program of one's own", async () => {
    const program = join(folder, "program");
    mkdirSync(program);
    symlinkSync(join(repository, "node_modules"), join(program, "node_modules"), "junction");
    const declared = {
      tenant: emulator.credentials().AZURE_TENANT_ID,
      cloud: { graph: emulator.url, authority: emulator.url },
      groups: seedStackFile["licensing:groups"],
      waves: [{ name: "everyone", percent: 100 }],
      applyThrough: "everyone",
    };
    writeFileSync(join(program, "Pulumi.yaml"), "name: own\nruntime: nodejs\n");
    writeFileSync(join(program, "package.json"), JSON.stringify({ name: "own", private: true, main: "index.js" }));
    writeFileSync(
      join(program, "index.js"),
      [
        'const { GroupLicensing } = require("entra-group-licensing");',
        `const licensing = new GroupLicensing("licensing", ${JSON.stringify(declared)});`,
        "exports.waves = licensing.waves;",
      ].join("\n"),
    );
    const own = async (...words: readonly string[]) => {
      const { code, said } = await run("pulumi", [...words, "--non-interactive"], program);
      assert.equal(code, 0, said);
      return said;
    };
    await own("stack", "init", "own");
    assert.ok(direct() > 0, "the stack that was destroyed has left the direct licences");
    assert.match(await own("preview", "--stack", "own"), /remove \d+ direct assignments from 30 users/);
    await own("up", "--yes", "--stack", "own");
    await own("up", "--yes", "--stack", "own");
    assert.equal(direct(), 0);
    const { said } = await run("pulumi", ["stack", "output", "waves", "--json", "--stack", "own"], program);
    assert.match(said, /"removed": \{\s+"EMS": 30,\s+"ENTERPRISEPACK": 6\s+\}/);
  });

  it("its embedded Graph serves tests of other projects", async () => {
    const script = `
      const { createEmulator, seedTenant } = require("entra-group-licensing/emulator");
      createEmulator({ tenant: seedTenant({ users: 3 }) }).then(async (emulator) => {
        console.log(emulator.tenant.users().length, emulator.url);
        await emulator.close();
      });`;
    const { said } = await run(process.execPath, ["--eval", script]);
    assert.match(said, /^\d+ https:\/\/localhost:\d+/);
  });
});
