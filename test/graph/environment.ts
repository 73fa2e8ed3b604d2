/** Runs with these AZURE_… variables and no others, and puts the environment back. */
export async function withAzureEnvironment<T>(
  variables: Readonly<Record<string, string>>,
  run: () => Promise<T>,
): Promise<T> {
  const before = Object.entries(process.env).filter(([name]) => name.startsWith("AZURE_"));
  for (const [name] of before) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, variables);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, Object.fromEntries(before));
  }
}
