/** Commands that developers and workflows call by their own files. */
const BY_FILE = new Set(["pulumi"]);

/** The words with which Node.js runs another command of this package, from the same build as this one; for example "plan". */
export function ownCommand(name: string): readonly string[] {
  const words = BY_FILE.has(name) ? [require.resolve(`../${name}`)] : [require.resolve("../main"), name];
  return [...process.execArgv, ...words];
}
