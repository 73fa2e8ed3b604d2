import { proofOf } from "./proof";

// The first of those that the slow tests try.
proofOf("trouble", 100);
proofOf("people", 100);
