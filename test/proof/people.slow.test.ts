import { proofOf } from "./proof";

proofOf("people", 1_000, {
  removed: 0.7,
  blocked: 0.5,
  halts: 0.2,
  lostByPeople: 0.15,
  // Fewer since users without a way back are blocked, and what is owed holds the waves.
  lostInTheWindow: 0.001,
  putBacks: 0.01,
});
