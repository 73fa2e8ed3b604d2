import { proofOf } from "./proof";

proofOf("trouble", 500, {
  removed: 0.65,
  blocked: 0.5,
  halts: 0.3,
  kills: 0.05,
  rollbacks: 0.1,
  putBacks: 0.03,
  debts: 0.03,
  replaced: 0.05,
  succeeded: 0.05,
  swapped: 0.02,
  moved: 0.05,
  declaredAnew: 0.1,
  takenOff: 0.01,
  swappedOnGroup: 0.001,
  movedBack: 0.01,
});
