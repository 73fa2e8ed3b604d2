import type { Guid } from "../model";
import type { GroupCreation } from "./stack-file";

/** A group that this stack makes, with ids in place of names. */
export interface OwnGroup {
  /** The logical name. */
  readonly name: string;
  /** Stands for the id while the group is not made yet: see `idOfUnmade`. */
  readonly groupId: Guid;
  readonly creation: GroupCreation;
  readonly ownerIds: readonly Guid[];
  readonly members: OwnMembers;
  /** The rule that the last run left on the group; `null`: none, or not made yet. */
  readonly ruleBefore: string | null;
  /** Entra has evaluated the rule as it is declared, so the members are those that it takes. True without a rule. */
  readonly isEvaluated: boolean;
}

export type OwnMembers =
  | { readonly kind: "direct-holders"; readonly except?: ReadonlySet<Guid> }
  | { readonly kind: "users"; readonly userIds: ReadonlySet<Guid> }
  | { readonly kind: "rule"; readonly rule: string }
  | { readonly kind: "none" };

/** By logical name. */
export type OwnGroups = ReadonlyMap<string, OwnGroup>;

const UNMADE = "made in this run: ";

/** Stands for the id that Entra will give to a group. Never sent to Graph: no GUID looks like it. */
export function idOfUnmade(name: string): Guid {
  return `${UNMADE}${name}`;
}

export function isUnmade(groupId: Guid): boolean {
  return groupId.startsWith(UNMADE);
}

/** Groups whose members cannot be foreseen, because their rules are not evaluated yet. */
export interface Unforeseen {
  /** The display name of the first. */
  readonly group: string;
  readonly groupIds: readonly Guid[];
}

/** `null`: there are none. */
export function unforeseenGroups(own: OwnGroups): Unforeseen | null {
  const all = [...own.values()].filter(({ isEvaluated }) => !isEvaluated);
  const [first] = all;
  return first === undefined
    ? null
    : { group: first.creation.displayName, groupIds: all.map(({ groupId }) => groupId) };
}

/** Rules that differ in nothing but white space outside of quotes are the same to Entra. */
export function sameRule(a: string | null, b: string | null): boolean {
  const words = (rule: string | null) =>
    rule?.trim().replace(/"[^"]*"|\s+/g, (part) => (part.startsWith('"') ? part : " "));
  return words(a) === words(b);
}
