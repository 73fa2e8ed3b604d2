import type { Context } from "mocha";
import type { Browser } from "puppeteer-core";
import { launchBrowser, NoBrowser } from "../../dev/browser/launch";
import { skipFor } from "../../dev/test/skipped";

/**
 * For a `before`: the browser of the tests. Where none starts the suite is skipped; in CI, where
 * skipped tests go unread, it fails.
 */
export async function openBrowser(context: Context): Promise<Browser> {
  try {
    return await launchBrowser();
  } catch (error) {
    if (!(error instanceof NoBrowser) || process.env["CI"]) throw error;
    return skipFor(context, error.message);
  }
}
