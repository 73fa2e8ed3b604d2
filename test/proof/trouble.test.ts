import { proofOf } from "./proof";

proofOf("trouble", { removed: 0.7, blocked: 0.5, halts: 0.3, kills: 0.05, rollbacks: 0.1, putBacks: 0.002 });
