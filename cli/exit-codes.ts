/** The exit codes of every command. docs/command.md has the same table, and a test holds it to this one. */
export const EXIT = { done: 0, failed: 1, usage: 2, changes: 4, stopped: 130 } as const;

export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [EXIT.done, "done, or nothing to do"],
  [EXIT.failed, "failed, refused, or a person has to look: the message says why"],
  [EXIT.usage, "the command line is wrong; nothing was done"],
  [EXIT.changes, "preview or plan with --expect-no-changes: there is something to do"],
  [EXIT.stopped, "stopped before its end, by a signal such as Ctrl-C, or by `stop`"],
];
