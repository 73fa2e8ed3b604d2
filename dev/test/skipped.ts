import Mocha, { type Context } from "mocha";

/** For a test, or a hook of a suite: skips it, and leaves in its title why, and how it would run. */
export function skipFor(context: Context, reason: string): never {
  const { test } = context;
  const skipped = test instanceof Mocha.Test ? test : test?.parent;
  if (skipped) skipped.title += ` (skipped: ${reason.replace(/[()]/g, "")})`;
  return context.skip();
}

/** Why a test was skipped, by its full title; `undefined`: it does not say. */
export function reasonSkipped(fullTitle: string): string | undefined {
  return /\(skipped: ([^()]*)\)/.exec(fullTitle)?.[1];
}
