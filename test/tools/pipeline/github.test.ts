import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pullRequestOf, repositoryOf, type Repository } from "../../../cli/pipeline/github";
import { hiddenMark, keepComment } from "../../../cli/pipeline/kept-comment";
import { keepIssue } from "../../../cli/pipeline/kept-issue";
import { findReviewedPlan } from "../../../cli/pipeline/reviewed-plan";
import { GitHubStandIn } from "./github-stand-in";

describe("pipeline on GitHub", () => {
  let github: GitHubStandIn;
  let repository: Repository;

  beforeEach(async () => {
    github = await GitHubStandIn.start();
    const found = repositoryOf(github.environment("repo:contoso/licences:pull_request"));
    assert(found);
    repository = found;
  });
  afterEach(() => github.close());

  describe("where it runs", () => {
    it("is nowhere on a laptop: no repository, no pull request", () => {
      assert.equal(repositoryOf({}), null);
      assert.equal(repositoryOf({ GITHUB_REPOSITORY: "contoso/licences" }), null);
      assert.equal(pullRequestOf({}), null);
    });

    it("is the pull request of the event, and none for a push", () => {
      const folder = mkdtempSync(join(tmpdir(), "event-"));
      const event = (content: object) => {
        writeFileSync(join(folder, "event.json"), JSON.stringify(content));
        return pullRequestOf({ GITHUB_EVENT_PATH: join(folder, "event.json") });
      };
      assert.equal(event({ pull_request: { number: 7 } }), 7);
      assert.equal(event({ ref: "refs/heads/main" }), null);
      rmSync(folder, { recursive: true });
    });
  });

  describe("the comment of a pull request", () => {
    beforeEach(() => {
      github.addPull({ number: 7, headSha: "a1", mergeSha: null });
    });

    it("is made once and updated after that, with comments of others before and between", async () => {
      for (const words of ["Looks good", "One question", "Another", "And one more"]) github.comment(7, words);
      const url = await keepComment(repository, 7, "plan of contoso", "first");
      github.comment(7, "Thanks");
      assert.equal(await keepComment(repository, 7, "plan of contoso", "second"), url);
      assert.deepEqual(
        github.commentsOn(7).filter((body) => body.startsWith("<!--")),
        [`${hiddenMark("plan of contoso")}\nsecond`],
      );
      assert.equal(github.commentsOn(7).length, 6);
    });

    it("is one for each stack, and never another comment that quotes it", async () => {
      github.comment(7, `> ${hiddenMark("plan of contoso")}\n> first\n\nWhat is this?`);
      await keepComment(repository, 7, "plan of contoso", "first");
      await keepComment(repository, 7, "plan of fabrikam", "other");
      assert.equal(github.commentsOn(7).length, 3);
    });
  });

  it("leaves the comment of another author alone that begins with the mark", async () => {
    github.addPull({ number: 8, headSha: "a1", mergeSha: null });
    const theirs = `${hiddenMark("plan of contoso")}\nAll is well, merge it.`;
    github.comment(8, theirs, "mallory");
    await keepComment(repository, 8, "plan of contoso", "first");
    await keepComment(repository, 8, "plan of contoso", "second");
    assert.deepEqual(github.commentsOn(8), [theirs, `${hiddenMark("plan of contoso")}\nsecond`]);
  });

  describe("the issue of a nightly check", () => {
    const words = { title: "Licences of contoso have drifted", body: "12 came back" };
    const keep = (what: typeof words | null) => keepIssue(repository, "licence-drift", "drift of contoso", what);

    it("is opened, then updated, then closed with a word, and opened anew", async () => {
      assert.equal((await keep(null)).done, "none");
      assert.equal((await keep(words)).done, "opened");
      assert.equal((await keep({ ...words, body: "13 came back" })).done, "updated");
      assert.equal(github.issues.length, 1);
      assert.match(github.issues[0]?.body ?? "", /13 came back/);
      assert.equal((await keep(null)).done, "closed");
      assert.equal(github.issues[0]?.state, "closed");
      assert.deepEqual(github.commentsOn(1), ["The tenant and the stack file agree again."]);
      assert.equal((await keep(words)).done, "opened");
      assert.equal(github.issues.length, 2);
    });

    it("leaves the issue of another author alone that begins with the mark", async () => {
      const theirs = `${hiddenMark("drift of contoso")}\nNothing to see here.`;
      const issue = github.openIssue("Mine", theirs, ["licence-drift"], "mallory");
      assert.equal((await keep(null)).done, "none");
      assert.equal((await keep(words)).done, "opened");
      assert.equal((await keep(null)).done, "closed");
      assert.deepEqual([issue.state, issue.title, issue.body], ["open", "Mine", theirs]);
    });

    it("leaves issues of others with the same label alone", async () => {
      for (let each = 0; each < 4; each += 1) {
        await keepIssue(repository, "licence-drift", `drift of stack ${each}`, words);
      }
      assert.equal((await keep(words)).done, "opened");
      assert.equal((await keep(words)).done, "updated");
      assert.equal(github.issues.length, 5);
    });
  });

  describe("the plan that was reviewed", () => {
    const artifact = {
      name: "plan-contoso",
      runId: 11,
      headSha: "a1",
      createdAt: "2026-11-20T09:00:00Z",
      expired: false,
      fromFork: false,
    };
    const find = () => findReviewedPlan(repository, "contoso", "m1");

    beforeEach(() => {
      github.addPull({ number: 7, headSha: "a1", mergeSha: "m1" });
    });

    it("is the newest one of the last commit of the pull request", async () => {
      github.artifacts.push(
        artifact,
        { ...artifact, runId: 12, createdAt: "2026-11-20T09:30:00Z" },
        { ...artifact, runId: 10, headSha: "a0", createdAt: "2026-11-20T09:45:00Z" },
        { ...artifact, runId: 9, name: "plan-fabrikam", createdAt: "2026-11-20T09:50:00Z" },
      );
      assert.deepEqual(await find(), { pullRequest: 7, runId: 12 });
    });

    for (const [why, change] of Object.entries({
      "of an earlier commit": { headSha: "a0" },
      expired: { expired: true },
      "from a fork": { fromFork: true },
    })) {
      it(`is not one ${why}`, async () => {
        github.artifacts.push({ ...artifact, ...change });
        assert.match(JSON.stringify(await find()), /pull request #7 has no plan of contoso for its last commit/);
      });
    }

    it("is missing for a commit that no pull request brought", async () => {
      assert.equal(await findReviewedPlan(repository, "contoso", "a1"), "a1 is not the merge of a pull request");
      assert.match(
        JSON.stringify(await findReviewedPlan(repository, "contoso", "ff")),
        /not the merge of a pull request/,
      );
    });
  });
});
