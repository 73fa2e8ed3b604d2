import { createHmac, randomBytes } from "node:crypto";
import { readRule, ruleText } from "../../licensing/discovery/rule-text";
import { isGuid, type Guid } from "../../licensing/model";
import { isMap } from "../../cli/config-in-file";
import type { StackConfig } from "./stack-config";
import type { CopiedGroup, CopiedUser, RehearsalCopy } from "./schema";

/** A reserved domain, so that made-up names cannot be mistaken for real ones: https://www.rfc-editor.org/rfc/rfc2606 */
const DOMAIN = "rehearsal.invalid";

/**
 * Removes names, times and ids from a copy so that it can be shared or kept as a test. New ids come from a random key that is
 * thrown away, so they cannot be traced back. Kept: licences with states and errors, SKUs, plans, seats, memberships, countries,
 * disabled accounts, logical group names and wave names.
 *
 * @param keepIds keeps the ids of users, groups and the tenant, so that waves by share take the same users as in the tenant
 */
export function anonymised(copy: RehearsalCopy, keepIds: boolean): RehearsalCopy {
  const real = new Set([copy.tenant.id, ...copy.groups.map(({ id }) => id), ...copy.users.flatMap(idsOf)]);
  const key = randomBytes(32);
  const other = new Map([...real].map((id) => [id, keepIds ? id : pseudonym(id, key)]));
  const to: Pseudonyms = {
    idFor: (id) => other.get(id) ?? pseudonym(id, key),
    // Entra compares rule values without case, so equal values must get equal pseudonyms.
    wordFor: (word) => createHmac("sha256", key).update(word.toLowerCase()).digest("hex").slice(0, WORD_LENGTH),
  };
  const { idFor } = to;
  const names = logicalNames(copy.stackFile);
  return {
    ...copy,
    ids: keepIds ? copy.ids : "pseudonymous",
    tenant: { id: idFor(copy.tenant.id), displayName: null, domains: [DOMAIN], country: copy.tenant.country },
    groups: inNewOrder(
      copy.groups.map((group, index) => withoutNames(group, names.get(group.id) ?? `group ${index + 1}`, idFor)),
    ),
    users: inNewOrder(copy.users.map((user) => withoutPerson(user, to))),
    stackFile: withoutWords(copy.stackFile, to),
    warnings: [],
  };
}

/** Replacements for ids and words that could identify a person or the tenant. */
interface Pseudonyms {
  readonly idFor: (id: Guid) => Guid;
  readonly wordFor: (word: string) => string;
}

/** Characters of a pseudonym: enough to keep departments distinct. */
const WORD_LENGTH = 12;

function pseudonym(id: Guid, key: Buffer): Guid {
  const hex = createHmac("sha256", key).update(id).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

/** The ids of the user and of all groups it inherits from: a deleted group still has its id in assignments. */
function idsOf({ id, assignments }: CopiedUser): Guid[] {
  return [id, ...assignments.flatMap(({ assignedByGroup }) => assignedByGroup ?? [])];
}

/** Sorts by the new ids: Graph's order would reveal which user is which. */
function inNewOrder<T extends { readonly id: Guid }>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => a.id.localeCompare(b.id));
}

function withoutNames(group: CopiedGroup, name: string, idFor: (id: Guid) => Guid): CopiedGroup {
  return {
    ...group,
    id: idFor(group.id),
    displayName: name,
    // A rule may name a department or a person. It is not needed: the copy lists the members.
    membershipRule: group.membershipRule === null ? null : "left out",
    members: group.members.map(idFor).sort(),
    nested: group.nested.map(idFor).sort(),
  };
}

function withoutPerson(user: CopiedUser, { idFor, wordFor }: Pseudonyms): CopiedUser {
  const { accountEnabled, usageLocation, assignments, unknownSource, properties } = user;
  const words = Object.entries(properties ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, wordFor(value)] as const],
  );
  return {
    id: idFor(user.id),
    accountEnabled,
    usageLocation,
    ...(properties === undefined ? {} : { properties: Object.fromEntries(words) }),
    assignments: assignments.map(({ changedAtMs: _at, assignedByGroup, ...rest }) => ({
      ...rest,
      assignedByGroup: assignedByGroup === null ? null : idFor(assignedByGroup),
    })),
    unknownSource,
  };
}

/** Logical names of the declared groups, by group id. */
function logicalNames(config: StackConfig): ReadonlyMap<Guid, string> {
  const groups = config["licensing:groups"];
  return new Map(
    Object.entries(isMap(groups) ? groups : {}).flatMap(([name, group]) =>
      isMap(group) && typeof group["existing"] === "string" ? [[group["existing"], name]] : [],
    ),
  );
}

function withoutWords(config: StackConfig, to: Pseudonyms): Record<string, unknown> {
  const { "licensing:groups": groups, "licensing:tenant": tenant, ...others } = config;
  return {
    "licensing:tenant": to.idFor(String(tenant)),
    "licensing:groups": Object.fromEntries(
      Object.entries(isMap(groups) ? groups : {}).map(([name, group]) => [name, formatGroupWithout(name, group, to)]),
    ),
    ...(withOtherIds(others, to) as StackConfig),
  };
}

function formatGroupWithout(name: string, group: unknown, to: Pseudonyms): unknown {
  if (!isMap(group)) return group;
  const { existing, create, ...kept } = group;
  if (!isMap(create)) return { existing: to.idFor(String(existing)), ...kept };
  const { description: _description, ...rest } = create;
  return { create: { ...(withOtherIds(rest, to) as StackConfig), displayName: name }, ...kept };
}

/** Replaces ids of users and groups in the stack file. SKUs and plans stay: they stand under `sku`, `plan` and `licenses`. */
function withOtherIds(value: unknown, to: Pseudonyms, key = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => withOtherIds(each, to, key));
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withOtherIds(each, to, name)]));
  if (key === "rule" && typeof value === "string") return otherRule(value, to);
  const isReference = ["users", "owners", "except", "group", "licensing:moveLast"].includes(key);
  return isReference && typeof value === "string" && isGuid(value) ? to.idFor(value) : value;
}

/** The same rule with pseudonyms for values, sorted, because the original order could identify them. */
function otherRule(text: string, { wordFor }: Pseudonyms): string {
  const rule = readRule(text);
  if (rule === null) return "left out";
  return ruleText(rule.map(({ attribute, values }) => ({ attribute, values: values.map(wordFor).sort() })));
}
