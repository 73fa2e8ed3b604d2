import { existsSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { parseEnv } from "node:util";
import { Refusal } from "../../licensing/refusal";
import type { TenantStack } from "./stacks";
import { projectRoot } from "../engine/project-root";

/** Credentials for all stacks, for a provider with one app for all tenants. */
const FOR_ALL = "all.env";

/** Variables for sign-in. One tenant's credentials must never be used for another tenant. */
const CREDENTIALS = /^(AZURE|ARM)_/;

/** Variables that select a workflow's identity. */
const FEDERATED = ["AZURE_FEDERATED_TOKEN_FILE", "AZURE_TOKEN_CREDENTIALS"];

/**
 * The environment for a stack's run. Without a folder it is the current one, for an app shared by all tenants. With a folder,
 * credentials come only from its `all.env` and `NAME.env`. The stack file always decides the tenant to sign in to.
 *
 * @throws Refusal if the folder has no file for the stack, other users can read the file, or other users can write to the folder
 */
export function environmentOf(
  { name, tenant }: TenantStack,
  folder: string | undefined,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const own = folder === undefined ? withoutTenant(env) : withFiles(env, filesOf(name, folder));
  return { ...(tenant === null ? {} : { AZURE_TENANT_ID: tenant }), ...own };
}

function withFiles(env: NodeJS.ProcessEnv, files: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { AZURE_CLIENT_SECRET: secret, AZURE_CLIENT_CERTIFICATE_PATH: certificate } = files;
  // A workflow's identity belongs to no single tenant. It is used if the files contain neither a secret nor a certificate.
  const federated = secret || certificate ? {} : { ...only(env, FEDERATED) };
  return { ...withoutCredentials(env), ...federated, ...files };
}

/** Refuses a credentials folder inside the repository, because a commit could include the secrets. */
export function refuseFolderInCheckout(folder: string | undefined): void {
  if (folder === undefined) return;
  const inside = relative(projectRoot, resolve(folder));
  if (inside !== ".." && !inside.startsWith(`..${sep}`)) {
    throw new Refusal(
      `--env-dir ${folder} is inside this repository, where a commit would take its secrets along. Put it elsewhere, such as ~/.config/licensing-tenants.`,
    );
  }
}

function filesOf(name: string, folder: string): NodeJS.ProcessEnv {
  const files = [FOR_ALL, `${name}.env`].map((file) => join(folder, file)).filter((file) => existsSync(file));
  if (existsSync(folder) && othersWrite(folder)) {
    throw new Refusal(
      `${folder} can be written by others on this machine, who could swap its files: make it yours alone (chown, chmod 700 ${folder}).`,
    );
  }
  if (files.length === 0) {
    throw new Refusal(
      `${folder} has neither ${name}.env nor ${FOR_ALL}: write the variables there that sign the stack ${name} in, such as AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.`,
    );
  }
  return Object.assign({}, ...files.map(read)) as NodeJS.ProcessEnv;
}

/** By its mode, or because another user than this one and root owns it. Windows has no mode bits. */
function othersWrite(folder: string): boolean {
  if (process.platform === "win32") return false;
  const { mode, uid } = statSync(folder);
  return (mode & 0o022) !== 0 || ![0, process.geteuid?.()].includes(uid);
}

function read(file: string): NodeJS.ProcessEnv {
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    throw new Refusal(`${file} can be read by others on this machine: chmod 600 ${file}`);
  }
  return parseEnv(readFileSync(file, "utf8"));
}

function withoutTenant({ AZURE_TENANT_ID: _, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return others;
}

function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !CREDENTIALS.test(name)));
}

function only(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.includes(name)));
}
