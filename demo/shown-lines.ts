/**
 * Filters the engine's plain output for reading as a page: keeps one row per resource of the tenant and all messages. Drops blank
 * lines and the progress rows that a terminal would redraw in place.
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
