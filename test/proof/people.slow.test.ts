import { proofOf } from "./proof";

proofOf("people", 1_000, {
  removed: 0.7,
  blocked: 0.5,
  halts: 0.2,
  lostByPeople: 0.15,
  lostInTheWindow: 0.005,
  putBacks: 0.05,
  debts: 0.05,
});
