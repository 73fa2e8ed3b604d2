/**
 * The engine's plain output for somebody who reads it as a page: what is planned or done to each resource that touches
 * the tenant, and then all that the engine says about it. Left out are the rows that are redrawn in a terminal and come
 * again and again here, and blank lines.
 */
export class ShownLines {
  #inRows = true;

  /** @returns whether to show this line, the next one of the engine's output */
  shows(line: string): boolean {
    if (/^(Diagnostics|Resources|Outputs):/.test(line)) this.#inRows = false;
    if (line.trim() === "") return false;
    return !this.#inRows || isHeading(line) || isSettledRow(line);
  }
}

function isHeading(line: string): boolean {
  return /^\w.*:$/.test(line);
}

/** ` +  pulumi-nodejs:dynamic/licensing:GroupLicense finance created (0.1s)`, and the like of a preview without the time. */
function isSettledRow(line: string): boolean {
  return /^ [-+~]+ +\S*dynamic\/licensing:\w+ \S+ (created|updated|deleted|create|update|delete)( |$)/.test(line);
}
