import { existsSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { gte } from "semver";
import { recommended, whyTooOld } from "../../entry/node-version.cjs";
import { findInFolder } from "../engine/find-on-path.mjs";
import type { Engine } from "../engine/locate";
import { engineParts } from "../engine/parts";
import { isCheckout } from "../engine/project-root";
import { GET_ENGINE, typedToEngine } from "../engine/typed-to-engine";
import { oldestEngine } from "../engine/versions.mjs";
import { fail, pass, warn, type Check } from "./check";

/** Runs the engine with these arguments. `stdout` is `null` if it fails, and `why` is its error. */
export type AskEngine = (words: readonly string[]) => Promise<{ readonly stdout: string | null; readonly why: string }>;

export interface MachineFacts {
  /** `null` if set-up has not been run. */
  readonly engine: Engine | null;
  readonly ask: AskEngine;
  readonly env: NodeJS.ProcessEnv;
  readonly makesGroups: boolean;
  /** Of Node.js, such as "22.14.0". */
  readonly nodeVersion: string;
  /** Of the provider that makes groups, as package.json pins it. */
  readonly azureadVersion: string;
}

/** Checks the engine, its plugins and the state backend, as a run would find them. */
export async function machineChecks(facts: MachineFacts): Promise<readonly Check[]> {
  const { engine } = facts;
  const node = nodeCheck(facts.nodeVersion);
  if (engine === null) return [node, fail("engine: there is none", GET_ENGINE)];
  const [backend, provider] = await Promise.all([backendCheck(facts), providerCheck(facts)]);
  return [node, engineCheck(engine), ...partChecks(engine, facts.env), ...provider, ...backend];
}

function nodeCheck(version: string): Check {
  const words = `node: Node.js ${version}`;
  const tooOld = whyTooOld(version);
  if (tooOld !== undefined) return fail(tooOld);
  const [newer = ""] = recommended;
  return Number.parseInt(version) >= Number(newer)
    ? pass(words)
    : warn(`${words} works, and is no longer maintained`, `Install Node.js ${recommended.join(" or ")}.`);
}

function engineCheck({ version, source, binary }: Engine): Check {
  if (version === "") return fail(`engine: ${binary} does not say its version`, GET_ENGINE);
  const words = `engine: Pulumi ${version} (${source}, ${binary})`;
  return gte(version, oldestEngine)
    ? pass(words)
    : fail(
        `${words} is older than ${oldestEngine}`,
        isCheckout ? "Install a newer one, or take it from the PATH and run npm run setup." : GET_ENGINE,
      );
}

function partChecks({ binary, pathFolders }: Engine, env: NodeJS.ProcessEnv): readonly Check[] {
  const folders = [dirname(binary), ...pathFolders, ...(env["PATH"] ?? "").split(delimiter)];
  return Object.values(engineParts).map((part) =>
    folders.some((folder) => folder !== "" && findInFolder(part, folder) !== undefined)
      ? pass(`plugin: ${part}`)
      : fail(`plugin: ${part} is not beside the engine`, GET_ENGINE),
  );
}

/** Only a stack that makes groups needs it. */
async function providerCheck({ ask, env, makesGroups, azureadVersion }: MachineFacts): Promise<readonly Check[]> {
  if (!makesGroups) return [];
  const install = typedToEngine(`plugin install resource azuread ${azureadVersion}`);
  const { stdout, why } = await ask(["plugin", "ls", "--json"]);
  if (stdout === null) return [warn(`plugin: whether azuread is there can't be told: ${why}`, install)];
  const there = listIn(stdout).some((each) => each["name"] === "azuread" && each["version"] === azureadVersion);
  return [
    there
      ? pass(`plugin: azuread ${azureadVersion}`)
      : warn(`plugin: azuread ${azureadVersion}, which makes the groups, is downloaded by the first preview`, install),
    ...providerSignIn(env),
  ];
}

/** The plugin signs in by itself: https://www.pulumi.com/registry/packages/azuread/installation-configuration */
function providerSignIn(env: NodeJS.ProcessEnv): readonly Check[] {
  if (!env["AZURE_CLIENT_ID"] || env["ARM_CLIENT_ID"]) return [];
  const credential = env["AZURE_CLIENT_SECRET"]
    ? "ARM_CLIENT_SECRET=$AZURE_CLIENT_SECRET"
    : env["AZURE_CLIENT_CERTIFICATE_PATH"]
      ? "ARM_CLIENT_CERTIFICATE_PATH=$AZURE_CLIENT_CERTIFICATE_PATH"
      : "ARM_USE_OIDC=true";
  return [
    warn(
      "plugin: azuread signs in by itself, and ARM_CLIENT_ID is not set: it would take az login, or fail",
      `export ARM_CLIENT_ID=$AZURE_CLIENT_ID ${credential}`,
    ),
  ];
}

async function backendCheck({ ask, env }: MachineFacts): Promise<readonly Check[]> {
  const { stdout, why } = await ask(["whoami", "--json"]);
  const url = stdout === null ? null : (objectIn(stdout)?.["url"] ?? null);
  if (typeof url !== "string") {
    return [
      fail(
        `backend: the place of the state can't be reached: ${why}`,
        "export PULUMI_BACKEND_URL=azblob://…, s3://…, gs://… or file:///…",
        `or sign in: ${typedToEngine("login")}`,
      ),
    ];
  }
  const isService = url.startsWith("https://");
  const hasPassphrase =
    env["PULUMI_CONFIG_PASSPHRASE"] !== undefined ||
    (env["PULUMI_CONFIG_PASSPHRASE_FILE"] !== undefined && existsSync(env["PULUMI_CONFIG_PASSPHRASE_FILE"]));
  return [
    pass(`backend: ${url}`),
    ...(isService || hasPassphrase
      ? []
      : [
          warn(
            "backend: no passphrase is set, and Pulumi will ask for one; without a terminal it fails",
            "export PULUMI_CONFIG_PASSPHRASE=…   (any; keep it)",
          ),
        ]),
  ];
}

function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  const value = parsed(text);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function listIn(text: string): readonly Readonly<Record<string, unknown>>[] {
  const value = parsed(text);
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
