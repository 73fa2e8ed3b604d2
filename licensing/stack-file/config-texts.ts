/** Configuration as the engine hands it over: every value is a text, lists and maps as JSON. */
export function configTexts(config: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}

/** What such a text stands for: `pulumi config set`, too, writes lists and maps as JSON. A plain text stays as it is. */
export function configValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
