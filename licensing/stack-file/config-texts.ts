/** Converts configuration to the engine's form: every value is a string, lists and maps are JSON. */
export function configTexts(config: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}

/** Parses a value that the engine or `pulumi config set` wrote as JSON. Other strings are returned unchanged. */
export function configValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
