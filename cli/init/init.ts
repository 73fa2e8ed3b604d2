import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { stdin, stderr } from "node:process";
import { createInterface } from "node:readline/promises";
import { Refusal } from "../../licensing/refusal";
import { packageRoot } from "../engine/project-root";

export interface InitOptions {
  readonly tenant?: string;
  readonly stack?: string;
  readonly pipeline: "github" | "azure-devops" | "none";
  readonly json: boolean;
}

/** What Pulumi takes as the name of a stack, without an organisation. */
const STACK = /^[\w.-]{1,100}$/;
/** An id or a domain. */
const TENANT = /^[\w-]+(\.[\w-]+)*$/;

/**
 * Writes a repository for one tenant into the folder.
 *
 * @throws Refusal if a value is missing or unusable, or a file is there already; then nothing is written
 */
export async function init(
  options: InitOptions,
  folder: string,
  terminal: Terminal = { input: stdin, output: stderr, isTerminal: stdin.isTTY },
): Promise<void> {
  const { tenant, stack } = await answersTo(options, terminal);
  const { version, dependencies } = packageFile();
  const words = { TENANT: tenant, STACK: stack, VERSION: version, PULUMI: dependencies["@pulumi/pulumi"] ?? "" };
  const templates = ["repository", ...(options.pipeline === "none" ? [] : [options.pipeline])];
  const files = [
    ...templates.flatMap((name) => filesOf(join(packageRoot, "templates", name), words)),
    { path: "guardrails.json", text: readFileSync(join(packageRoot, "policy", "config.json"), "utf8") },
  ];

  const there = files.filter(({ path }) => existsSync(join(folder, path))).map(({ path }) => path);
  if (there.length > 0) throw new Refusal(`Nothing was written: ${there.join(", ")} would be replaced.`);
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const paths = files.map(({ path }) => path);
  const lines = [
    ...paths.map((path) => `  ${path}`),
    "",
    "Next: npm install, then README.md has the steps from here to the first wave.",
  ];
  process.stdout.write(`${options.json ? JSON.stringify({ files: paths }) : lines.join("\n")}\n`);
}

/** Where a person is asked. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** False in a pipeline, and where input comes from a file. */
  readonly isTerminal: boolean;
}

interface Question {
  readonly name: "tenant" | "stack";
  readonly words: string;
  readonly form: RegExp;
}

const QUESTIONS: readonly Question[] = [
  { name: "tenant", words: "The tenant, as an id or a domain", form: TENANT },
  { name: "stack", words: "A short name for its stack, such as contoso", form: STACK },
];

type Answers = Readonly<Record<Question["name"], string>>;

/** Takes what is given, and asks for the rest until it can be used. */
async function answersTo(options: InitOptions, { input, output, isTerminal }: Terminal): Promise<Answers> {
  for (const { name, words, form } of QUESTIONS) {
    const given = options[name];
    if (given !== undefined && !form.test(given))
      throw new Refusal(`Nothing was written: --${name} "${given}" can't be used. ${words}.`);
  }
  const missing = QUESTIONS.filter(({ name }) => options[name] === undefined);
  if (missing.length > 0 && !isTerminal) {
    const lines = missing.map(({ name, words }) => `  --${name}: ${words}.`);
    throw new Refusal(
      [
        `Nothing was written: ${missing.map(({ name }) => `--${name}`).join(" and ")} must be given, because there is no terminal to ask at.`,
        ...lines,
        "For example: npx entra-group-licensing init --tenant contoso.com --stack contoso",
      ].join("\n"),
    );
  }
  if (missing.length === 0) return { tenant: options.tenant ?? "", stack: options.stack ?? "" };
  const terminal = createInterface({ input, output });
  // Ctrl-D, and Ctrl-C in a terminal, end the questions.
  const closed = new Promise<never>((_, reject) =>
    terminal.once("close", () => {
      reject(new Refusal("Nothing was written: the questions were left unanswered."));
    }),
  );
  closed.catch(() => undefined);
  try {
    const answers = { tenant: options.tenant ?? "", stack: options.stack ?? "" };
    for (const { name, words, form } of missing) {
      do answers[name] = (await Promise.race([terminal.question(`${words}: `), closed])).trim();
      while (!form.test(answers[name]));
    }
    return answers;
  } finally {
    terminal.close();
  }
}

function packageFile() {
  const text = readFileSync(join(packageRoot, "package.json"), "utf8");
  return JSON.parse(text) as { readonly version: string; readonly dependencies: Readonly<Record<string, string>> };
}

interface TemplateFile {
  readonly path: string;
  readonly text: string;
}

/** The files of a template with its words, such as `__TENANT__`, replaced, also in names. */
function filesOf(template: string, words: Readonly<Record<string, string>>): readonly TemplateFile[] {
  const filled = (text: string) => text.replace(/__([A-Z]+)__/g, (whole, word: string) => words[word] ?? whole);
  return readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = filled(file.slice(template.length + 1));
      return { path: renamed(path.split(sep).join("/")), text: filled(readFileSync(file, "utf8")) };
    });
}

/** npm leaves files of these names out of a package, or takes them as its own. */
function renamed(path: string): string {
  return { gitignore: ".gitignore", "package-json": "package.json" }[path] ?? path;
}
