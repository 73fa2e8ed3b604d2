import type { Guid } from "../model";

/** Resolves ids to the names shown in output. */
export interface Names {
  group(id: Guid): string;
  plan(id: Guid): string;
  /** Adds the name beside each SKU or plan id in a text of Graph. */
  inText(text: string): string;
  sku(id: Guid): string;
  /** A declared group's plan that looks like the next edition of this one, by its name. Absent or `null`: none is known. */
  nextEdition?(planId: Guid): string | null;
  /** How users join the group. Absent: unknown, treated as `assigned`. */
  membership?(id: Guid): Membership;
}

/** By group id; groups that are absent have members assigned, or a rule that Entra has evaluated. */
export type Memberships = ReadonlyMap<Guid, Membership>;

/** `unevaluated`: by a rule that Entra has not evaluated yet. `direct-holders`: added by this program. */
export type Membership = "assigned" | "rule" | "unevaluated" | "direct-holders";
