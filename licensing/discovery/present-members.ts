import { isFromGroup, type Guid } from "../model";
import { isTaken, type AttributeRule } from "./attributes";
import type { Members } from "./outcome";
import { ATTRIBUTES, type Attribute, type TenantToday } from "./tenant-today";

/** The users that are members of a proposed group before `up`. */
export function membersOf(today: TenantToday): Members {
  const index = usersByValue(today);
  const inheriting = new Map<Guid, Set<Guid>>();
  for (const { id, assignments } of today.users.values()) {
    for (const { assignedByGroup } of assignments.filter(isFromGroup)) {
      inheriting.set(assignedByGroup, (inheriting.get(assignedByGroup) ?? new Set()).add(id));
    }
  }
  return ({ from }) => {
    switch (from.kind) {
      case "licensed":
        return inheriting.get(from.group.id) ?? new Set();
      case "existing":
        return today.members.get(from.group.id) ?? new Set();
      case "rule":
        return takenBy(from.rule, today, index);
      case "direct-holders":
        return new Set();
    }
  };
}

export type UsersByValue = Readonly<Record<Attribute, ReadonlyMap<string, readonly Guid[]>>>;

/** Licensed users by attribute and value. */
export function usersByValue({ users }: TenantToday): UsersByValue {
  const index: Record<Attribute, Map<string, Guid[]>> = {
    department: new Map(),
    companyName: new Map(),
    country: new Map(),
  };
  for (const user of users.values()) {
    for (const attribute of ATTRIBUTES) {
      const value = user[attribute]?.toLowerCase();
      if (value === undefined) continue;
      const alike = index[attribute].get(value);
      if (alike === undefined) index[attribute].set(value, [user.id]);
      else alike.push(user.id);
    }
  }
  return index;
}

/** The licensed users that a rule takes. */
export function takenBy(rule: AttributeRule, { users }: TenantToday, index: UsersByValue): ReadonlySet<Guid> {
  const [first] = rule;
  const candidates = first?.values.flatMap((value) => index[first.attribute].get(value.toLowerCase()) ?? []) ?? [];
  return new Set(
    candidates.filter((id) => {
      const user = users.get(id);
      return user !== undefined && isTaken(user, rule);
    }),
  );
}
