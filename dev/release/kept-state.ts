type StackFile = Readonly<Record<string, unknown>>;

/** Stands in a kept state for the address of the embedded Graph, which has another port each time. */
export const ANYWHERE = "https://embedded-graph.invalid";

/** A stack file's configuration, pointed at an embedded Graph. */
export function stackFileAt(config: StackFile, url: string): StackFile {
  return { ...config, "licensing:cloud": { graph: url, authority: url } };
}
