/** With no file argument mocha runs `test/`. Tests on the real engine set their own, longer timeouts. */
module.exports = {
  require: ["./dev/typescript.cjs"],
  extension: [".test.ts"],
  recursive: true,
  reporter: "dev/test/reporter.ts",
  timeout: 60_000,
  // Files run in parallel. Three jobs keep two cores busy, because a journey mostly waits.
  parallel: true,
  jobs: 3,
  forbidOnly: process.env["CI"] !== undefined,
  failZero: true,
};
