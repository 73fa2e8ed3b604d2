import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryOf, type Repository } from "../../cli/pipeline/github";
import { publish } from "../../dev/release/publish";
import { releaseNotes } from "../../dev/release/release-notes";
import { GitHubStandIn } from "./pipeline/github-stand-in";

const root = join(__dirname, "..", "..");
const changelog = "# What has changed?\n\n## 0.2.0\n\n- A new thing\n\n## 0.1.0\n\n- The first\n";
const release = { name: "entra-group-licensing", version: "0.2.0", changelog, commit: "c0ffee" };

describe("a release", () => {
  let github: GitHubStandIn;
  let repository: Repository;
  beforeEach(async () => {
    github = await GitHubStandIn.start();
    const found = repositoryOf(github.environment("repo:contoso/licences:environment:npm"));
    assert(found);
    repository = found;
  });
  afterEach(() => github.close());

  /** npm with these versions in its registry. */
  function npm(published: readonly string[], refuses = false) {
    const calls: string[] = [];
    return {
      calls,
      run: (words: readonly string[]) => {
        calls.push(words.join(" "));
        const isThere = published.includes(words[1]?.split("@")[1] ?? "");
        if (words[0] === "view") return Promise.resolve({ code: isThere ? 0 : 1, said: isThere ? "0.2.0\n" : "E404" });
        return Promise.resolve(refuses && words[0] === "publish" ? { code: 1, said: "E403" } : { code: 0, said: "" });
      },
    };
  }

  it("of a new version is published with provenance, and has a tag and its part of the changelog", async () => {
    const { calls, run } = npm(["0.1.0"]);
    assert.match(await publish(release, run, repository), /0\.2\.0 is published/);
    assert.deepEqual(calls.slice(1), [
      "pkg set repository.url=git+https://github.com/contoso/licences.git",
      "publish --provenance --access public",
    ]);
    assert.deepEqual(github.releases, [
      { tag_name: "v0.2.0", target_commitish: "c0ffee", name: "v0.2.0", body: "- A new thing" },
    ]);
  });

  it("can be repeated: what is there is left alone", async () => {
    const { calls, run } = npm(["0.2.0"]);
    for (let times = 0; times < 2; times++) await publish(release, run, repository);
    assert.deepEqual(new Set(calls), new Set(["view entra-group-licensing@0.2.0 version"]));
    assert.equal(github.releases.length, 1);
  });

  it("that npm refuses has no tag", async () => {
    await assert.rejects(publish(release, npm([], true).run, repository), /npm publish .* ended with 1: E403/);
    assert.deepEqual(github.releases, []);
  });

  it("needs its section in the changelog, which this version has, and its state among the fixtures", () => {
    assert.throws(() => releaseNotes(changelog, "0.3.0"), /no section "## 0\.3\.0"/);
    const read = (file: string) => readFileSync(join(root, file), "utf8");
    const { version } = JSON.parse(read("package.json")) as { readonly version: string };
    assert.ok(releaseNotes(read("CHANGELOG.md"), version).length > 0);
    for (const file of ["Pulumi.contoso.yaml", "tenant.json", "state.json"]) {
      assert.ok(existsSync(join(root, "test", "fixtures", "states", version, file)), `npm run dev:state makes ${file}`);
    }
  });
});
