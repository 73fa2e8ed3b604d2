import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Linter } from "eslint";
import { describe, it } from "mocha";
import { major, satisfies } from "semver";
import { oldest, oldestOfNext, recommended, whyTooOld } from "../../entry/node-version.cjs";

const projectRoot = join(__dirname, "..", "..");
const read = (file: string) => readFileSync(join(projectRoot, file), "utf8");

describe("the oldest Node.js", () => {
  for (const version of ["0.10.48", "8.17.0", "18.20.8", "19.9.0", "20.9.0", "20.18.3"]) {
    it(`is newer than ${version}`, () => {
      const [majorPart, minorPart] = version.split(".");
      assert.equal(
        whyTooOld(version),
        `Node.js ${majorPart}.${minorPart} is too old: 20.19 or newer; 22 or 24 recommended, since 20 is no longer maintained.`,
      );
    });
  }
  // These cannot require an ES module, which 20.19 can again.
  for (const version of ["21.7.3", "22.0.0", "22.11.0"]) {
    it(`is, behind 20, newer than ${version}`, () => {
      assert.match(whyTooOld(version) ?? "", /^Node\.js 2[12]\.\d+ is too old: 22\.12 or newer; 22 or 24 recommended/);
    });
  }
  for (const version of ["20.19.0", "20.20.2", "22.12.0", "23.0.0", "24.21.0"]) {
    it(`is not newer than ${version}`, () => {
      assert.equal(whyTooOld(version), undefined);
    });
  }

  it("is the one of package.json, README and CONTRIBUTING, with those that are recommended", () => {
    assert.equal(
      (JSON.parse(read("package.json")) as { engines: { node: string } }).engines.node,
      `^${oldest} || >=${oldestOfNext}`,
    );
    for (const file of ["README.md", "CONTRIBUTING.md"]) {
      const words = `Node.js ${oldest} or newer (${recommended.join(" or ")} recommended)`;
      assert.ok(read(file).replace(/\s+/g, " ").includes(words), `${file} says "${words}"`);
      assert.equal(read(file).match(/Node\.js \d/g)?.length, 1, `${file} names one number`);
    }
  });

  it("is enough for each npm package, and what is recommended too", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { engines?: { node?: string } }>;
    };
    const latest: Readonly<Record<string, string>> = { "22": "22.22.0", "24": "24.16.0" };
    const wanting = Object.entries(packages).flatMap(([name, { engines }]) => {
      const versions = [`${oldest}.0`, ...recommended.map((each) => latest[each] ?? assert.fail(each))];
      return versions
        .filter((version) => !satisfies(version, engines?.node ?? "*"))
        .map((version) => `${name} runs on ${engines?.node}, and not on ${version}`);
    });
    assert.deepEqual(wanting, []);
  });

  it("is met by every workflow", () => {
    const folder = join(".github", "workflows");
    const versions = readdirSync(join(projectRoot, folder)).flatMap((file) =>
      [...read(join(folder, file)).matchAll(/node-version: (\d\S*)/g)].map(([, version = ""]) => version),
    );
    assert.ok(versions.length > 0);
    assert.deepEqual(
      versions.filter((version) => !recommended.includes(String(major(`${version}.0.0`)))),
      [],
    );
  });
});

describe("the first files that a command runs", () => {
  const parses = (text: string) =>
    new Linter()
      .verify(text, [{ languageOptions: { ecmaVersion: 5, sourceType: "script" } }])
      .filter((each) => each.fatal);

  for (const file of ["dev/run.cjs", "entry/node-version.cjs"]) {
    it(`can be read by any Node.js: ${file}`, () => {
      // An import() of its own is the one newer word: it is read by Node.js 10.
      assert.deepEqual(parses(read(file).replace("import(", "load(")), []);
      assert.equal(parses("const a = 1;").length, 1);
    });
  }

  it("are the same for each command that needs more than an installed tool", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };
    const others = Object.entries(scripts).filter(([, command]) => !/^node dev\/run\.cjs( |$)/.test(command));
    assert.deepEqual(
      others.map(([name]) => name),
      ["dev:change", "dev:version", "dev:lint", "dev:format", "dev:typecheck", "prepack"],
    );
  });
});
