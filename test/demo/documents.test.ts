import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { COMMANDS } from "../../cli/commands/all";
import { EXIT_CODES } from "../../cli/exit-codes";
import { createProgram } from "../../cli/program";
import { remedyOf } from "../../licensing/decision/remedy";
import { formatBlockReason } from "../../licensing/decision/block-words";
import type { BlockKind, BlockReason } from "../../licensing/decision/block-reason";
import { configTexts } from "../../licensing/stack-file/config-texts";
import { parseDuration } from "../../licensing/duration";
import { readStackFile } from "../../licensing/stack-file/reading";

const projectRoot = join(__dirname, "..", "..");

function read(file: string): string {
  return readFileSync(join(projectRoot, file), "utf8");
}

function documents(): readonly string[] {
  const inDocs = readdirSync(join(projectRoot, "docs"), { recursive: true, encoding: "utf8" });
  return [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "emulator/README.md",
    ...inDocs.map((file) => join("docs", file)),
  ]
    .filter((file) => file.endsWith(".md"))
    .filter((file) => existsSync(join(projectRoot, file)));
}

/** Code in a document is no part of its text. */
function withoutCode(markdown: string): string {
  return markdown.replace(/^ *```[\s\S]*?^ *```/gm, "").replace(/`[^`\n]*`/g, "");
}

/** As GitHub makes them: the words of the heading, in lower case, without punctuation, joined by hyphens. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.replace(/^ *```[\s\S]*?^ *```/gm, "").matchAll(/^#+ (.+)$/gm)];
  const anchor = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
  return new Set(headings.map(([, heading]) => anchor(heading ?? "")));
}

/** The stack files in a document: its YAML with a `config`, in the form in which the engine hands it over. */
function stackFilesIn(markdown: string): readonly Readonly<Record<string, string>>[] {
  const blocks = [...markdown.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, yaml]) => yaml ?? "");
  return blocks.filter((yaml) => /^config:/m.test(yaml)).map(asTheEngineDoes);
}

function asTheEngineDoes(yaml: string): Readonly<Record<string, string>> {
  const { config } = parse(yaml) as { readonly config: Readonly<Record<string, unknown>> };
  return configTexts(config);
}

describe("the documents", () => {
  for (const file of documents()) {
    it(`${file} links to what is there`, () => {
      const links = [...withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? "");
      for (const link of links.filter((each) => !/^[a-z]+:/.test(each))) {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? join(projectRoot, file) : resolve(projectRoot, dirname(file), path);
        assert.ok(existsSync(target), `${file} links to ${link}, which is not there`);
        if (anchor === undefined) continue;
        const known = anchorsOf(readFileSync(target, "utf8"));
        assert.ok(known.has(anchor), `${relative(projectRoot, target)} has no heading for #${anchor}`);
      }
    });
  }
});

describe("the README", () => {
  it("has at most 1,300 words: what is longer has a page in docs/", () => {
    assert.ok(read("README.md").trim().split(/\s+/).length <= 1_300);
  });
});

describe("the commands in the documents", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };
  const command = createProgram(COMMANDS);

  /** The command that the words name, such as `tenants plan`; `null` for one that is not there. */
  function commandOf(words: readonly string[]): Command | null {
    let at = command;
    for (const word of words) {
      if (!/^[a-z]+$/.test(word) || at.commands.length === 0) break;
      const next = at.commands.find((each) => each.name() === word);
      if (next === undefined) return null;
      at = next;
    }
    return at;
  }

  /** Developers' tools have their options in their own text. */
  function textOf(script: string): string {
    const [, file] = / (\S+\.ts)/.exec(scripts[script] ?? "") ?? [];
    if (file === undefined) return "";
    const folder = readdirSync(join(projectRoot, dirname(file))).filter((name) => name.endsWith(".ts"));
    return folder.map((name) => read(join(dirname(file), name))).join("\n");
  }

  for (const document of documents()) {
    it(`${document} names scripts and options that there are`, () => {
      for (const [text, script = "", words = ""] of read(document).matchAll(
        /npm run (?:--silent )?([a-z][a-z:-]*)(?: -- ([^\n`#|]*))?/g,
      )) {
        assert.ok(script in scripts, `${text}: package.json has no such script`);
        // These words go on to a program that is not ours.
        if (["pulumi", "pipeline", "entra-licensing", "dev:lint", "dev:format", "dev:typecheck"].includes(script))
          continue;
        const own = textOf(script);
        for (const [option = ""] of words.matchAll(/--[a-z][a-z-]*/g)) {
          const isKnown = [
            option,
            option.replace("--no-", "--"),
            `"${option.slice(2)}"`,
            ` ${option.slice(2)}: {`,
          ].some((each) => own.includes(each));
          assert.ok(isKnown, `${text}: ${script} has no ${option}`);
        }
      }
    });

    it(`${document} names commands and options that there are`, () => {
      for (const [text, words = ""] of read(document)
        .replaceAll("npm run pipeline --", "npx entra-licensing pipeline")
        .matchAll(/(?:npx entra-licensing|npm run (?:--silent )?entra-licensing --) ([^\n`#|]*)/g)) {
        if (words.startsWith("COMMAND")) continue;
        const named = commandOf(words.split(" "));
        assert.ok(named !== null, `${text}: there is no such command`);
        // Words for the engine's preview.
        if (named.name() === "plan" && named.parent === command) continue;
        for (const [option = ""] of words.matchAll(/(?<= )--[a-z][a-z-]*/g)) {
          const isKnown = option === "--help" || named.options.some(({ long }) => long === option);
          assert.ok(isKnown, `${text}: ${named.name()} has no ${option}`);
        }
      }
    });
  }

  it("are all in docs/command.md, with the exit codes of the program", () => {
    const rows = read("docs/command.md")
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()));
    for (const { name } of command.commands.map((each) => ({ name: each.name() }))) {
      assert.ok(
        rows.some(([, first]) => first === `\`${name}\``),
        `docs/command.md has no row for ${name}`,
      );
    }
    for (const [code, words] of EXIT_CODES) {
      const row = rows.find(([, first]) => first === String(code));
      assert.equal(row?.[2]?.replaceAll("`", ""), words.replaceAll("`", ""));
    }
  });
});

describe("the stack files that people copy", () => {
  const examples: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["stacks/Pulumi.demo.yaml", asTheEngineDoes(read("stacks/Pulumi.demo.yaml"))],
    ...["README.md", "docs/operate.md", "docs/stack-file.md"].flatMap((file) =>
      stackFilesIn(read(file)).map((config, index) => [`${file}, number ${index + 1}`, config] as const),
    ),
  ];

  it("stand in these documents", () => {
    assert.ok(examples.length > 3);
  });

  for (const [name, config] of examples) {
    it(`${name} has no mistake`, () => {
      const reading = readStackFile(config, () => "userPrincipalName\nmegan@contoso.com\n");
      assert.deepEqual(reading.ok ? [] : reading.mistakes, []);
    });
  }
});

describe("the stack file that the README begins with", () => {
  it("keeps the soak that the shipped guardrails ask for after each wave but the last", () => {
    const [first] = stackFilesIn(read("README.md"));
    const reading = readStackFile(first ?? {});
    assert.ok(reading.ok);
    const { soak } = JSON.parse(read("policy/config.json")) as { soak: { atLeast: string } };
    const soaks = reading.stackFile.waves.slice(0, -1).map((wave) => wave.soakMs);
    assert.ok(soaks.length > 1);
    for (const soakMs of soaks) assert.ok(soakMs >= (parseDuration(soak.atLeast) ?? Infinity));
  });
});

describe("the table of reasons in docs/operate.md", () => {
  const allUsers = ["group"];
  const causes = [
    "CountViolation",
    "MutuallyExclusiveViolation",
    "DependencyViolation",
    "ProhibitedInUsageLocationViolation",
    "UniquenessViolation",
    "Other",
  ];
  // One of each: a new kind does not compile until it is here.
  const reasons: Readonly<Record<BlockKind, readonly BlockReason[]>> = {
    "not-a-member": [{ kind: "not-a-member", groupIds: allUsers }],
    "nested-only": [{ kind: "nested-only", groupIds: allUsers }],
    "not-yet-inherited": [{ kind: "not-yet-inherited", groupIds: allUsers }],
    "inherited-in-error": causes.map((cause) => ({ kind: "inherited-in-error", groupId: "group", cause })),
    "inherited-active-with-error": [{ kind: "inherited-active-with-error", groupId: "group", cause: "…" }],
    "plans-missing": [{ kind: "plans-missing", planIds: ["plan"] }],
    "subscription-ended": [{ kind: "subscription-ended", skuId: "sku", status: "Suspended" }],
    "subscription-ending": [{ kind: "subscription-ending", skuId: "sku", status: "Warning" }],
    "membership-ends": [{ kind: "membership-ends", groupId: "group", on: "2026-12-31" }],
    "membership-end-unknown": [true, false].map((isForbidden) => ({
      ...{ kind: "membership-end-unknown", groupId: "group", isForbidden },
      detail: isForbidden ? "Insufficient privileges to complete the operation." : "…",
    })),
    "no-usage-location": [{ kind: "no-usage-location" }],
    "not-assignable-again": [{ kind: "not-assignable-again", skuId: "sku", status: "Suspended" }],
    trial: [{ kind: "trial", skuId: "sku" }],
    "no-seat-to-swap": [{ kind: "no-seat-to-swap", skuId: "sku" }],
    "sku-not-listed": [{ kind: "sku-not-listed", skuId: "sku" }],
    "source-unknown": [{ kind: "source-unknown" }],
    "state-unknown": [{ kind: "state-unknown", state: "…" }],
    "dependent-plan": [{ kind: "dependent-plan", detail: "…" }],
    "user-locked": [{ kind: "user-locked" }],
    unreadable: [{ kind: "unreadable", detail: "…" }],
    "management-restricted": [{ kind: "management-restricted" }],
    refused: [{ kind: "refused", detail: "…" }],
  };
  const names = {
    group: () => "All users",
    inText: (text: string) => text,
    plan: () => "YAMMER_ENTERPRISE",
    sku: () => "ENTERPRISEPACK",
  };
  const rows = read("docs/operate.md")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));

  for (const reason of Object.values(reasons).flat()) {
    const words = formatBlockReason(reason, names);
    it(`has "${words}" with its remedy`, () => {
      const row = rows.find(([, first]) => first === words);
      assert.equal(row?.[2], remedyOf(reason));
    });
  }
});
