import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Router from "find-my-way";

/** The author of what is written with the token of a workflow. */
export const WORKFLOW = "github-actions[bot]";

interface Note {
  readonly id: number;
  readonly author: string;
  body: string;
}

interface Issue extends Note {
  readonly number: number;
  readonly labels: readonly string[];
  title: string;
  state: "open" | "closed";
  readonly comments: Note[];
  readonly isPullRequest: boolean;
}

interface Pull {
  readonly number: number;
  readonly headSha: string;
  readonly mergeSha: string | null;
}

interface Artifact {
  readonly name: string;
  readonly runId: number;
  readonly headSha: string;
  readonly createdAt: string;
  readonly expired: boolean;
  readonly fromFork: boolean;
}

/** What GitHub says in a token about the workflow that asks for it. */
interface Claims {
  readonly sub: string;
  readonly aud: string;
  readonly exp: number;
}

const REPOSITORY = "contoso/licences";
const ISSUER = "https://token.actions.githubusercontent.com";
/** Small, so that a handful of things fills more than one page. */
const LARGEST_PAGE = 3;

/** The part of GitHub's public API that the pipeline uses, over HTTP; what it does not know it answers with 501. */
export class GitHubStandIn {
  readonly issues: Issue[] = [];
  readonly pulls: Pull[] = [];
  readonly artifacts: Artifact[] = [];
  readonly releases: { readonly tag_name: string }[] = [];
  /** Tokens that workflows were given, by their claims. */
  readonly identities: Claims[] = [];
  /** How far its clock is ahead, where a test moved the tenant's. */
  aheadMs = 0;
  readonly #keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #subject = `repo:${REPOSITORY}:pull_request`;

  static async start(): Promise<GitHubStandIn> {
    const standIn = new GitHubStandIn();
    await new Promise<void>((done) => standIn.#server.listen(0, "127.0.0.1", done));
    return standIn;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a workflow of this repository finds in its environment, with `id-token: write`. */
  environment(subject: string): NodeJS.ProcessEnv {
    this.#subject = subject;
    return {
      GITHUB_TOKEN: "token-of-the-workflow",
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_API_URL: this.url,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.url}/identity?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
    };
  }

  /** The federated credential that an app needs, to trust this GitHub's tokens for a subject. */
  federatedFor(subject: string) {
    return { issuer: ISSUER, subject, key: { ...this.#keys.publicKey.export({ format: "jwk" }) } };
  }

  addPull(pull: Pull): void {
    this.pulls.push(pull);
    this.#add({ number: pull.number, title: "", body: "", labels: [], isPullRequest: true, author: "ada" });
  }

  commentsOn(number: number): readonly string[] {
    return this.#at(number).comments.map(({ body }) => body);
  }

  comment(number: number, body: string, author = "ada"): Note {
    const note = { id: this.#nextId(), author, body };
    this.#at(number).comments.push(note);
    return note;
  }

  openIssue(title: string, body: string, labels: readonly string[], author = "ada"): Issue {
    const number = 1 + Math.max(0, ...this.issues.map((each) => each.number));
    return this.#add({ number, title, body, labels, isPullRequest: false, author });
  }

  #add(words: Pick<Issue, "number" | "title" | "body" | "labels" | "isPullRequest" | "author">): Issue {
    const issue: Issue = { ...words, id: this.#nextId(), state: "open", comments: [] };
    this.issues.push(issue);
    return issue;
  }

  #at(number: number): Issue {
    const issue = this.issues.find((each) => each.number === number);
    if (issue === undefined) throw new Error(`no issue #${number}`);
    return issue;
  }

  #nextId(): number {
    return 1 + this.issues.reduce((sum, { comments }) => sum + 1 + comments.length, 0);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = (text === "" ? {} : JSON.parse(text)) as Readonly<Record<string, never>>;
    const url = new URL(request.url ?? "/", this.url);
    const send = (status: number, answer: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(answer));
    };
    const isIdentity = url.pathname === "/identity";
    const expected = isIdentity ? ["Bearer request-token"] : ["token token-of-the-workflow"];
    if (!expected.includes(request.headers.authorization ?? "")) {
      send(401, { message: "Bad credentials" });
      return;
    }
    /** One page of a list, with GitHub's link to the next. */
    const sendPage = (list: readonly unknown[]): void => {
      const page = Number(url.searchParams.get("page") ?? 1);
      const size = Math.min(Number(url.searchParams.get("per_page") ?? LARGEST_PAGE), LARGEST_PAGE);
      const next = new URL(url);
      next.searchParams.set("page", String(page + 1));
      const isLast = page * size >= list.length;
      send(200, list.slice((page - 1) * size, page * size), isLast ? {} : { link: `<${next.href}>; rel="next"` });
    };

    const repository = `/repos/${REPOSITORY}`;
    const router = Router({ defaultRoute: () => send(501, { message: `not in this stand-in: ${url.pathname}` }) });
    router.on("GET", "/identity", () => send(200, { value: this.#token(url.searchParams.get("audience") ?? "") }));
    router.on("GET", `${repository}/issues`, () => {
      const label = url.searchParams.get("labels") ?? "";
      sendPage(this.issues.filter(({ state, labels }) => state === "open" && labels.includes(label)).map(shown));
    });
    router.on("POST", `${repository}/issues`, () => {
      const { title, body: words, labels } = body as unknown as Issue;
      send(201, shown(this.openIssue(title, words, labels, WORKFLOW)));
    });
    router.on("PATCH", `${repository}/issues/:number`, (_request, _response, { number }) => {
      send(200, shown(Object.assign(this.#at(Number(number)), body)));
    });
    router.on("GET", `${repository}/issues/:number/comments`, (_request, _response, { number }) => {
      sendPage(this.#at(Number(number)).comments.map(shown));
    });
    router.on("POST", `${repository}/issues/:number/comments`, (_request, _response, { number }) => {
      send(201, shown(this.comment(Number(number), (body as unknown as Note).body, WORKFLOW)));
    });
    router.on("PATCH", `${repository}/issues/comments/:id`, (_request, _response, { id }) => {
      const note = this.issues.flatMap(({ comments }) => comments).find((each) => each.id === Number(id));
      if (note === undefined) send(404, { message: "Not Found" });
      else send(200, shown(Object.assign(note, body)));
    });
    router.on("GET", `${repository}/commits/:sha/pulls`, (_request, _response, { sha }) => {
      sendPage(
        this.pulls
          .filter(({ mergeSha, headSha }) => [mergeSha, headSha].includes(sha ?? ""))
          .map(({ number, headSha, mergeSha }) => ({
            number,
            head: { sha: headSha },
            merge_commit_sha: mergeSha,
            merged_at: mergeSha === null ? null : "2026-11-20T10:00:00Z",
          })),
      );
    });
    router.on("GET", `${repository}/actions/artifacts`, () => {
      const named = this.artifacts.filter(({ name }) => name === url.searchParams.get("name"));
      send(200, { total_count: named.length, artifacts: named.map(shownArtifact) });
    });
    router.on("GET", `${repository}/releases/tags/:tag`, (_request, _response, { tag }) => {
      const found = this.releases.find(({ tag_name: name }) => name === tag);
      send(found === undefined ? 404 : 200, found ?? { message: "Not Found" });
    });
    router.on("POST", `${repository}/releases`, () => {
      this.releases.push(body as unknown as { tag_name: string });
      send(201, body);
    });
    router.lookup(request, response);
  }

  #token(audience: string): string {
    const claims = {
      iss: ISSUER,
      sub: this.#subject,
      aud: audience,
      exp: Math.floor((Date.now() + this.aheadMs) / 1000) + 300,
    };
    this.identities.push(claims);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(this.#keys.privateKey, "base64url")}`;
  }
}

function shown(note: Note | Issue): object {
  const where = "number" in note ? `issues/${note.number}` : `comments/${note.id}`;
  const isPull = "isPullRequest" in note && note.isPullRequest;
  const user = { login: note.author };
  return { ...note, user, html_url: `https://github.com/${REPOSITORY}/${where}`, ...(isPull && { pull_request: {} }) };
}

function shownArtifact({ name, runId, headSha, createdAt, expired, fromFork }: Artifact): object {
  return {
    name,
    expired,
    created_at: createdAt,
    workflow_run: { id: runId, head_sha: headSha, repository_id: 1, head_repository_id: fromFork ? 2 : 1 },
  };
}
