import { proofOf } from "./proof";

proofOf("people", 500, {
  removed: 0.6,
  blocked: 0.5,
  halts: 0.2,
  lostByPeople: 0.15,
  lostInTheWindow: 0.001,
  putBacks: 0.05,
  debts: 0.05,
  replaced: 0.05,
  succeeded: 0.05,
  swapped: 0.01,
  moved: 0.05,
  declaredAnew: 0.1,
  takenOff: 0.01,
  swappedOnGroup: 0.001,
});
