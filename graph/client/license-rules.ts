import { guidsIn } from "../../licensing/model";
import type { LicenseRule } from "./failure";

/**
 * Graph refuses every broken rule of `assignLicense` with 400 `Request_BadRequest`; only the message names the rule.
 * Each pattern is the constant part of one message, case-insensitive.
 */
const MESSAGES: readonly (readonly [RegExp, LicenseRule])[] = [
  [/does not have a corresponding license/i, "notAssigned"],
  [/inherited from a group membership/i, "onlyInherited"],
  [/invalid usage location/i, "usageLocation"],
  [/does not have any available licenses/i, "noSeat"],
  [/does not correspond to a valid company license/i, "unknownSku"],
  [/cannot be assigned to a user/i, "skuNotForUsers"],
  [/cannot be assigned to a group/i, "skuNotForGroups"],
  [/depends on the service plan/i, "dependency"],
  [/mutually exclusive/i, "mutuallyExclusive"],
];

/** The rule that a message of `assignLicense` reports, with the ids in it; `null` for any other message. */
export function brokenLicenseRule(message: string): { rule: LicenseRule; plans: string[] } | null {
  const rule = MESSAGES.find(([pattern]) => pattern.test(message))?.[1];
  if (rule === undefined) return null;
  return { rule, plans: [...guidsIn(message)] };
}
