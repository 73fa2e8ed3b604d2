/** The job's token of an Azure Pipelines task: the same for each of its service connections. */
const OF_JOB = ["SYSTEM_ACCESSTOKEN", "SYSTEM_OIDCREQUESTURI"];

/** The form of a prefix: what may begin the name of an environment variable. */
export const CREDENTIALS_PREFIX = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The variables that sign in to a tenant. With the prefix `FABRIKAM_`, `FABRIKAM_AZURE_CLIENT_ID` is `AZURE_CLIENT_ID`,
 * and variables without the prefix do not count: one tenant's credentials never reach another.
 */
export function signInEnvironment(prefix: string | undefined, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  if (prefix === undefined) return env;
  const own = Object.entries(env).flatMap(([name, value]) => {
    // check: variables without the prefix sign in to no tenant that has one
    const known = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    // As `@azure/identity` and an Azure Pipelines task name them.
    return known.startsWith("AZURE") ? [[known, value] as const] : [];
  });
  return Object.fromEntries([...OF_JOB.map((name) => [name, env[name]] as const), ...own]);
}
