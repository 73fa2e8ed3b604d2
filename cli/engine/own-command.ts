/** The words with which Node.js runs another command of this package, from the same build as this one; for example "plan". */
export function ownCommand(name: string): readonly string[] {
  return [...process.execArgv, require.resolve(`../${name}`)];
}
