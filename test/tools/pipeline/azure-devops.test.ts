import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changedFiles } from "../../../cli/pipeline/changed-files";
import { hiddenMark } from "../../../cli/pipeline/kept-comment";
import { mergedPullRequestOf, pullRequestInReview } from "../../../cli/pipeline/pull-request";

interface Thread {
  readonly id: number;
  readonly comments: { id: number; content: string; author: string }[];
}

/** The part of Azure DevOps' REST API that the pipeline uses; what it does not know it answers with 501. */
describe("pipeline on Azure DevOps", () => {
  const COMMIT = "a".repeat(40);
  let TARGET = "c".repeat(40);
  let server: Server;
  let threads: Thread[];
  let env: NodeJS.ProcessEnv;

  beforeEach(async () => {
    threads = [];
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        const answer = (status: number, body: object = {}) => {
          response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        };
        const body = (text === "" ? {} : JSON.parse(text)) as { content?: string; comments?: { content: string }[] };
        const root = "/contoso/Our%20licences/_apis/git/repositories/repo-1";
        const url = new URL(request.url ?? "", "http://localhost");
        assert.equal(url.searchParams.get("api-version"), "7.1");
        if (request.headers.authorization !== "Bearer token-of-the-job") {
          answer(401);
          return;
        }
        if (url.pathname === `${root}/pullrequestquery`) {
          answer(200, {
            results: [{ [COMMIT]: [{ pullRequestId: 7, lastMergeTargetCommit: { commitId: TARGET } }] }],
          });
          return;
        }
        const [, thread] = /\/pullRequests\/7\/threads(?:\/(\d+)\/comments\/1)?$/.exec(url.pathname) ?? [null];
        if (thread === null || !url.pathname.startsWith(root)) {
          answer(501);
          return;
        }
        if (request.method === "GET") {
          answer(200, { value: threads });
          return;
        }
        if (request.method === "POST") {
          const content = body.comments?.[0]?.content ?? "";
          threads.push({ id: threads.length + 1, comments: [{ id: 1, content, author: "build" }] });
          answer(200);
          return;
        }
        const comment = threads[Number(thread) - 1]?.comments[0];
        if (comment?.author !== "build") {
          answer(403);
          return;
        }
        comment.content = body.content ?? "";
        answer(200);
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    env = {
      SYSTEM_COLLECTIONURI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/contoso/`,
      SYSTEM_TEAMPROJECT: "Our licences",
      SYSTEM_ACCESSTOKEN: "token-of-the-job",
      SYSTEM_PULLREQUEST_PULLREQUESTID: "7",
      BUILD_REPOSITORY_ID: "repo-1",
      BUILD_REPOSITORY_PROVIDER: "TfsGit",
      BUILD_SOURCEVERSION: COMMIT,
    };
  });
  afterEach(() => new Promise((done) => server.close(done)));

  const mark = hiddenMark("plan of contoso");
  const contents = () => threads.map(({ comments }) => comments[0]?.content);

  it("has one comment for a topic, which the next run updates", async () => {
    const page = pullRequestInReview(env);
    const url = await page?.keepComment("plan of contoso", "first");
    await page?.keepComment("plan of fabrikam", "other");
    await page?.keepComment("plan of contoso", "second");
    assert.deepEqual(contents(), [`${mark}\nsecond`, `${hiddenMark("plan of fabrikam")}\nother`]);
    assert.match(url ?? "", /\/contoso\/Our%20licences\/_git\/repo-1\/pullrequest\/7$/);
  });

  it("leaves a comment of another author alone that begins with the mark", async () => {
    threads.push({ id: 1, comments: [{ id: 1, content: `${mark}\nmine`, author: "eve" }] });
    await pullRequestInReview(env)?.keepComment("plan of contoso", "plan");
    assert.deepEqual(contents(), [`${mark}\nmine`, `${mark}\nplan`]);
  });

  it("finds the pull request that a commit merged, and none for another commit", async () => {
    const page = await mergedPullRequestOf(env);
    await page?.keepComment("applied for contoso in 1", "done");
    assert.equal(threads.length, 1);
    assert.equal(await mergedPullRequestOf({ ...env, BUILD_SOURCEVERSION: "b".repeat(40) }), null);
  });

  it("a pull request that a rebase merged is judged by all of its commits; without an answer all stacks are", async () => {
    const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-rebased-"));
    const git = (...words: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@contoso.com", ...words], {
        cwd: folder,
        encoding: "utf8",
      }).trim();
    const commit = (file: string) => {
      writeFileSync(join(folder, file), "");
      git("add", "--all");
      git("commit", "--quiet", "--message", file);
      return git("rev-parse", "HEAD");
    };
    try {
      git("init", "--quiet");
      TARGET = commit("before");
      for (const file of ["one", "two", "three"]) commit(file);
      const ci = { ...env, BUILD_REASON: "IndividualCI" };
      assert.deepEqual([...((await changedFiles(ci, folder)) ?? [])].sort(), ["one", "three", "two"]);
      assert.deepEqual(await changedFiles({ ...ci, BUILD_SOURCEVERSION: "b".repeat(40) }, folder), ["three"]);
      assert.equal(await changedFiles({ ...ci, SYSTEM_ACCESSTOKEN: "wrong" }, folder), null);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("says which permission the build lacks", async () => {
    const page = pullRequestInReview({ ...env, SYSTEM_ACCESSTOKEN: "wrong" });
    await assert.rejects(
      page?.keepComment("a", "b") ?? Promise.resolve(),
      /answered 401\. .*Contribute to pull requests/,
    );
  });

  it("is nowhere in a repository outside of Azure Repos, and in a step without the job's token", () => {
    assert.equal(pullRequestInReview({ ...env, BUILD_REPOSITORY_PROVIDER: "GitHub" }), null);
    assert.equal(pullRequestInReview({ ...env, SYSTEM_ACCESSTOKEN: undefined }), null);
  });
});
