import { hold, ours } from "/work/main/bench/contest";
void hold(ours, { users: 1000, isLicensed: true, latencyMs: 20, trouble: 0.05 }).then((r) => console.log(JSON.stringify(r)));
