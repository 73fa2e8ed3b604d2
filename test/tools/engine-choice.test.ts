import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { parse } from "yaml";
import { downloadEngine } from "../../dev/engine/download";
import { engineEnvironment } from "../../cli/engine/locate";
import { engineOnPath } from "../../dev/engine/on-path";
import { isOwnFolder } from "../../cli/engine/own-folder.mjs";
import type { Engine } from "../../cli/engine/record.mjs";
import { runProgram } from "../../cli/engine/run-program";
import { engineSources } from "../../dev/engine/set-up-engine";
import { chooseEngine } from "../../dev/engine/sources";
import { builtLanguageHost, oldestEngine } from "../../cli/engine/versions.mjs";
import { createFakeMachine, type FakeMachine } from "./fake-machine";
import { said } from "./said";

const projectRoot = join(__dirname, "..", "..");
/** Nothing listens there, so the official download fails at once, as behind a closed network. */
const closedSite = { archives: "https://127.0.0.1:9", checksums: "https://127.0.0.1:9" };

describe("the choice of a Pulumi engine", () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = createFakeMachine();
  });
  afterEach(() => {
    machine.remove();
  });

  const putHost = (folder = "path"): void => {
    machine.program("pulumi-language-nodejs", "exit 0", folder);
    machine.program("pulumi-resource-pulumi-nodejs", "exit 0", folder);
  };
  const choose = (): Promise<Engine> => chooseEngine(engineSources(projectRoot, machine.env, closedSite));

  describe("on the PATH", () => {
    for (const version of [oldestEngine, "3.301.0", "3.256.0-alpha.1749000000"]) {
      it(`takes ${version} with its host beside it, and leaves the PATH's order alone`, async () => {
        const binary = machine.program("pulumi", `echo v${version}`);
        putHost();
        assert.deepEqual(await choose(), { binary, pathFolders: [], version, source: "path" });
      });
    }

    it("takes one with its host elsewhere on the PATH", async () => {
      machine.program("pulumi", `echo v${oldestEngine}`);
      putHost("other");
      machine.env["PATH"] = `${machine.env["PATH"] ?? ""}:${join(machine.home, "other")}`;
      assert.equal((await choose()).source, "path");
    });

    const refused = [
      { what: "none", script: undefined, host: false, why: /there is none/ },
      { what: "one that is too old", script: "echo v3.254.9", host: true, why: /3\.254\.9, older than 3\./ },
      { what: "one without its host", script: "echo v3.300.0", host: false, why: /no pulumi-language-nodejs and no / },
      { what: "one that can't run", script: "exit 3", host: true, why: /does not say its version/ },
      { what: "one that prints no version", script: "echo", host: true, why: /does not say its version/ },
    ];
    for (const { what, script, host, why } of refused) {
      it(`refuses ${what}`, async () => {
        if (script !== undefined) machine.program("pulumi", script);
        if (host) putHost();
        const answer = await engineOnPath(machine.env);
        assert.ok("why" in answer);
        assert.match(answer.why, why);
      });
    }

    it("does not take for a person's own what npm or set-up put on the PATH", async () => {
      for (const folder of ["app/node_modules/.bin", "cache/entra-group-licensing/pulumi-1/bin"]) {
        machine.program("pulumi", "echo v3.300.0", folder);
        putHost(folder);
        machine.env["PATH"] = `${machine.env["PATH"] ?? ""}:${join(machine.home, folder)}`;
      }
      const answer = await engineOnPath(machine.env);
      assert.ok("why" in answer && answer.why === "there is none");
    });
  });

  it("takes what an earlier set-up kept, without knocking at any network", async () => {
    const bin = `cache/entra-group-licensing/pulumi-${oldestEngine}/bin`;
    machine.program("pulumi", "exit 1", bin);
    putHost(bin);
    const folder = join(machine.home, bin);
    const expected = { binary: join(folder, "pulumi"), pathFolders: [folder], version: oldestEngine };
    assert.deepEqual(await choose(), { ...expected, source: "download" });
  });

  it("builds with Go when nothing else is there, and keeps the build", async () => {
    machine.file("sdk/nodejs/dist/pulumi-resource-pulumi-nodejs", "#!/bin/sh\n");
    machine.program("go", fakeGo(join(machine.home, "sdk")));
    assert.match(await said(choose), /building Pulumi 3\.255\.0 with Go, about 6 minutes/);
    const built = await choose();
    assert.equal(built.source, "build");
    const bin = built.pathFolders[0] ?? "";
    assert.equal(built.binary, join(bin, "pulumi"));
    assert.match(readFileSync(built.binary, "utf8"), new RegExp(`version\\.Version=v${oldestEngine}`));
    assert.equal(statSync(join(bin, "pulumi-resource-pulumi-nodejs")).mode & 0o111, 0o111);

    machine.program("go", "exit 1");
    assert.deepEqual(await choose(), built);
  });

  it("leaves nothing that looks like an engine when the build fails half-way", async () => {
    machine.program(
      "go",
      `case "$*" in build*cmd/pulumi) echo "out of disk" >&2; exit 1 ;; esac\n${fakeGo("nowhere")}`,
    );
    await said(() => assert.rejects(choose(), /compiling the CLI failed: out of disk/));
    assert.deepEqual(readdirSync(join(machine.home, "cache", "entra-group-licensing")), []);
  });

  it("fails with one error that names every way, why it failed, and what to do", async () => {
    machine.program("pulumi", "echo v3.100.0");
    const error = await choose().then(
      () => assert.fail("no engine can be had here"),
      (reason: unknown) => String(reason),
    );
    const parts = [
      /1\. `pulumi` on the PATH: \S+ is 3\.100\.0, older than 3\.255\.0\n.*→ install Pulumi 3\.255\.0 or newer/,
      /2\. the official download .*can't be reached \(.*\)\n.*→ let this machine reach/,
      /3\. a build .* with Go: there is no `go` on the PATH\n.*→ install Go/,
      /run `npm run setup` again/,
    ];
    for (const part of parts) assert.match(error, part);
  });
});

describe("the pins of the engine", () => {
  const pins = [
    { file: "dev/engine/cli/go.mod", pin: `github.com/pulumi/pulumi/pkg/v3 v${oldestEngine}` },
    { file: "dev/engine/language-host/go.mod", pin: `github.com/pulumi/pulumi/sdk/v3 v${builtLanguageHost}` },
  ];
  for (const { file, pin } of pins) {
    it(`${file} requires ${pin}`, () => {
      assert.ok(readFileSync(join(projectRoot, file), "utf8").includes(`require ${pin}\n`));
    });
  }
});

describe("a folder for programs that are kept", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "entra-group-licensing-own-")));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("is used where this user alone can write to it", () => {
    chmodSync(folder, 0o755);
    assert.equal(isOwnFolder(folder), true);
    for (const mode of [0o775, 0o757]) {
      chmodSync(folder, mode);
      assert.equal(isOwnFolder(folder), false, mode.toString(8));
    }
  });

  it("is no link, and nothing that is missing or a file", () => {
    symlinkSync(folder, join(folder, "link"));
    writeFileSync(join(folder, "file"), "");
    for (const name of ["link", "file", "missing"]) assert.equal(isOwnFolder(join(folder, name)), false, name);
  });

  it("is not another user's", function () {
    if (process.geteuid?.() !== 0) this.skip(); // Only root can make one.
    chownSync(folder, 65_534, 65_534);
    assert.equal(isOwnFolder(folder), false);
  });
});

describe("the environment of the engine", () => {
  const engine: Engine = { binary: "/e/bin/pulumi", pathFolders: ["/e/bin"], version: "3.255.0", source: "build" };

  it("puts the engine first on the PATH and keeps the rest", () => {
    const environment = engineEnvironment({ PATH: "/usr/bin", PULUMI_STACK: "demo" }, engine);
    assert.equal(environment["PATH"], "/e/bin:/usr/bin");
    assert.equal(environment["PULUMI_STACK"], "demo");
    assert.equal(environment["PULUMI_SKIP_UPDATE_CHECK"], "true");
  });

  it("runs JavaScript, so that no language host compiles the program", () => {
    const project = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as {
      main: string;
      runtime: { options: { typescript: boolean } };
    };
    assert.equal(project.main, "index.cjs");
    assert.deepEqual(project.runtime.options, { typescript: false });
  });
});

describe("the download of the official CLI", () => {
  const name = `pulumi-v${oldestEngine}-${process.platform}-${process.arch}.tar.gz`;
  let machine: FakeMachine;
  let files: Map<string, Buffer | string>;
  let server: Server;

  beforeEach(async () => {
    machine = createFakeMachine();
    for (const part of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
      machine.program(part, `echo v${oldestEngine}`, "made/pulumi");
    }
    const made = join(machine.home, "made");
    const archive = execFileSync("tar", ["-czf", "-", "-C", made, "pulumi"]);
    const sum = createHash("sha512").update(archive).digest("hex");
    files = new Map<string, Buffer | string>([
      [`/${name}`, archive],
      ["/SHA512SUMS", `${"0".repeat(128)}  another.tar.gz\n${sum}  ${name}\n`],
    ]);
    server = createServer((request, response) => {
      const found = files.get(request.url ?? "");
      response.writeHead(found === undefined ? 404 : 200).end(found);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    mkdirSync(join(machine.home, "engine", "bin"), { recursive: true });
  });
  afterEach(() => {
    server.close();
    machine.remove();
  });

  const download = () => {
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { ...process.env };
    return downloadEngine(join(machine.home, "engine"), env, { archives: at, checksums: at });
  };
  const unpacked = () => readdirSync(join(machine.home, "engine", "bin"));

  it("unpacks what has the published checksum", async () => {
    await said(async () => assert.equal(await download(), undefined));
    assert.ok(unpacked().includes("pulumi"));
    assert.deepEqual(readdirSync(join(machine.home, "engine")), ["bin"]);
  });

  const wrong: [what: string, change: () => void, why: RegExp][] = [
    ["what has another one", () => files.set(`/${name}`, "foreign code"), /is not what was published/],
    ["what has none", () => files.set("/SHA512SUMS", `${"0".repeat(128)}  another.tar.gz\n`), /has no checksum of/],
    [
      "anything where the checksums can't be had",
      () => files.delete("/SHA512SUMS"),
      /SHA512SUMS can't be reached \(HTTP 404\)/,
    ],
  ];
  for (const [what, change, why] of wrong) {
    it(`refuses ${what}`, async () => {
      change();
      await said(async () => assert.match((await download())?.why ?? "", why));
      assert.deepEqual(unpacked(), []);
    });
  }
});

describe("a program that set-up runs", () => {
  it("is ended at its time limit, with what it started", async () => {
    const run = { command: "/bin/sh", words: ["-c", "sleep 60 & wait"], cwd: projectRoot, env: process.env };
    assert.equal((await runProgram({ ...run, limitMs: 100 })).failure, "no answer in 0.1 s");
  });
});

/** Does for `go list` and `go build` what the real one leaves behind: a program that holds its own build flags. */
function fakeGo(sdkFolder: string): string {
  return `
case "$1 $2" in
  "list -m") echo ${sdkFolder} ;;
  "build "*) echo "$2" > "$4"; chmod +x "$4" ;;
esac`;
}
