/** What set-up says on stderr while the work runs, which so stays out of the test's own output. */
export async function said(work: () => Promise<unknown>): Promise<string> {
  const write = process.stderr.write.bind(process.stderr);
  let words = "";
  process.stderr.write = (chunk) => {
    words += String(chunk);
    return true;
  };
  try {
    await work();
  } finally {
    process.stderr.write = write;
  }
  return words;
}
