// Loaded first into the Node processes of a rehearsal: the day on which a soak is over has come. The variable says by how much.
const aheadMs = Number(process.env["REHEARSAL_CLOCK_AHEAD_MS"] ?? 0);

if (aheadMs > 0) {
  const RealDate = Date;
  const now = () => RealDate.now() + aheadMs;
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, words, newTarget) => Reflect.construct(target, words.length === 0 ? [now()] : words, newTarget),
    get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
  });
}
