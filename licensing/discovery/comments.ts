import type { Catalog } from "../catalog";
import type { License } from "../model";
import { licenseWords } from "../plan-words";
import { counted } from "../tally";
import { ruleText } from "./rule-text";
import { fitWords } from "./fit";
import type { NearPatterns } from "./near-patterns";
import { oneLine } from "./one-line";
import { patternKey } from "./patterns";
import type { Alternative, Proposal } from "./proposal";

interface Surroundings {
  readonly proposals: readonly Proposal[];
  readonly near: readonly NearPatterns[];
  readonly catalog: Catalog;
}

/** What stands above a group in the file: whom it is for, what else would nearly fit, and which pattern is one plan away. */
export function commentOn(proposal: Proposal, around: Surroundings): readonly string[] {
  return [
    whom(proposal, around.catalog),
    ...(proposal.lacksPrerequisite
      ? [
          "An add-on: its holders do not hold what it needs directly. Entra gives it only from a group that gives both, so " +
            "declare it where they get the other one from.",
        ]
      : []),
    ...proposal.alternatives.map(alternativeWords),
    ...nearWords(proposal, around),
  ];
}

function whom({ from, holders, licenses }: Proposal, catalog: Catalog): string {
  const what = licenseWords(licenses, catalog);
  switch (from.kind) {
    case "licensed":
      return `${counted(holders.length, "user")} of this group ${holders.length === 1 ? "has" : "have"} ${what} from it and directly too.`;
    case "existing":
      return `${directly(holders.length, what)}: this group has all of them and nobody else who would get more.`;
    case "rule":
      return `${directly(holders.length, what)}: all whom this rule takes. Entra adds whoever comes to it later, and members of a dynamic group need Microsoft Entra ID P1.`;
    case "direct-holders":
      return `${directly(holders.length, what)} and ${holders.length === 1 ? "becomes a member" : "become members"} of a new group.`;
  }
}

function directly(count: number, what: string): string {
  return `${counted(count, "user")} ${count === 1 ? "holds" : "hold"} ${what} directly`;
}

function alternativeWords({ from, fit, otherwise }: Alternative): string {
  if (from.kind === "rule") return `Or a rule: ${ruleText(from.rule)} ${fitWords(fit)}.`;
  const group = `Or an existing group: ${oneLine(from.group.displayName)} (${from.group.id}) ${fitWords(fit)}`;
  switch (otherwise) {
    case null:
      return `${group}.`;
    case "gives-another-sku":
      return `${group}, but it gives another SKU already, and Entra gives a member all SKUs of a group or none.`;
    case "gives-this-sku-otherwise":
      return `${group}, but it gives this SKU today with other plans, which would change.`;
    case "not-security-enabled":
      return `${group}, but it is not security-enabled, and such a group can give no licence.`;
  }
}

/** At the pattern with the plan off: that is the one to be taken out when it was an accident. */
function nearWords({ licenses, holders, name }: Proposal, { proposals, near, catalog }: Surroundings): string[] {
  const others = near.flatMap(({ withPlan, withoutPlan, planId }) => {
    const other = isOnly(licenses, withoutPlan.license)
      ? proposals.find((each) => isOnly(each.licenses, withPlan.license))
      : undefined;
    return other === undefined || other.name === name ? [] : [{ other, plan: catalog.planName(planId), withPlan }];
  });
  if (others.length === 0) return [];
  const listed = others
    .map(
      ({ other, plan, withPlan }) =>
        `${other.name}, which has ${plan} on (${counted(withPlan.holders.length, "user")})`,
    )
    .join("; ");
  // Holders of a direct licence join the first of the groups that give them the fewest plans besides.
  const joined = proposals.find(
    (each) => each.from.kind === "direct-holders" && others.some(({ other }) => other === each),
  );
  const whose = `its ${counted(holders.length, "user")}`;
  const merged =
    joined === undefined
      ? `take it out and make ${whose} members of that group`
      : `take it out: ${whose} then join ${joined.name}`;
  return [`One plan apart from ${listed}. If this group is an accident, ${merged}, and have one plan more.`];
}

function isOnly(licenses: readonly License[], license: License): boolean {
  const [first, ...more] = licenses;
  return first !== undefined && more.length === 0 && patternKey(first) === patternKey(license);
}
