/** With no file named, mocha takes `test/`; journeys on the real engine set longer timeouts of their own. */
module.exports = {
  require: ["./loader/typescript.cjs"],
  extension: [".test.ts"],
  recursive: true,
  reporter: "dev/test/reporter.ts",
  timeout: 10_000,
  // Side by side by file, one more than most machines have processors: most of the time of a journey is waiting.
  parallel: true,
  jobs: 3,
  forbidOnly: process.env["CI"] !== undefined,
  failZero: true,
};
