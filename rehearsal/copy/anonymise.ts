import { createHmac, randomBytes } from "node:crypto";
import { readRule, ruleText } from "../../licensing/discovery/rule-text";
import type { Guid } from "../../licensing/model";
import { isMap } from "../../cli/config-in-file";
import type { StackConfig } from "./stack-config";
import type { CopiedGroup, CopiedUser, RehearsalCopy } from "./schema";

/** For the host part of names that nobody may mistake for real ones: https://www.rfc-editor.org/rfc/rfc2606 */
const DOMAIN = "rehearsal.invalid";

/**
 * A copy to send to somebody, or to keep as a test: no names of people, groups or the tenant, no times, and other ids. They come from
 * a random key that is kept nowhere, so nobody can find the way back, and two copies of one tenant have no id in common.
 *
 * What stays is what a migration goes by: SKUs, plans, seats, states and errors of licences, who is in which group, locations by country, disabled
 * accounts; the logical names of groups and the names of waves.
 *
 * @param keepIds users, groups and the tenant keep their ids, so that waves by share take the same people as in the tenant
 */
export function anonymised(copy: RehearsalCopy, keepIds: boolean): RehearsalCopy {
  const real = new Set([copy.tenant.id, ...copy.groups.map(({ id }) => id), ...copy.users.flatMap(idsOf)]);
  const key = randomBytes(32);
  const other = new Map([...real].map((id) => [id, keepIds ? id : pseudonym(id, key)]));
  const to: Pseudonyms = {
    idFor: (id) => other.get(id) ?? pseudonym(id, key),
    // Rules compare without case.
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

/** What stands in the place of what would tell who it is. */
interface Pseudonyms {
  readonly idFor: (id: Guid) => Guid;
  readonly wordFor: (word: string) => string;
}

/** Enough to tell departments apart. */
const WORD_LENGTH = 12;

function pseudonym(id: Guid, key: Buffer): Guid {
  const hex = createHmac("sha256", key).update(id).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

/** Groups that somebody inherits from may be gone, and have ids all the same. */
function idsOf({ id, assignments }: CopiedUser): Guid[] {
  return [id, ...assignments.flatMap(({ assignedByGroup }) => assignedByGroup ?? [])];
}

/** The order in which Graph lists them would tell who is who. */
function inNewOrder<T extends { readonly id: Guid }>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => a.id.localeCompare(b.id));
}

function withoutNames(group: CopiedGroup, name: string, idFor: (id: Guid) => Guid): CopiedGroup {
  return {
    ...group,
    id: idFor(group.id),
    displayName: name,
    // It may name a department or a person, and decides nothing here: the members are told.
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

/** Of declared groups, by id. */
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
      Object.entries(isMap(groups) ? groups : {}).map(([name, group]) => [name, groupWithoutWords(name, group, to)]),
    ),
    ...(withOtherIds(others, to) as StackConfig),
  };
}

function groupWithoutWords(name: string, group: unknown, to: Pseudonyms): unknown {
  if (!isMap(group)) return group;
  const { existing, create, ...kept } = group;
  if (!isMap(create)) return { existing: to.idFor(String(existing)), ...kept };
  const { description: _description, ...rest } = create;
  return { create: { ...(withOtherIds(rest, to) as StackConfig), displayName: name }, ...kept };
}

/** Users and groups stand in the file by their ids, and SKUs and plans by words of their own: `sku`, `plan`, `licenses`. */
function withOtherIds(value: unknown, to: Pseudonyms, key = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => withOtherIds(each, to, key));
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withOtherIds(each, to, name)]));
  if (key === "rule" && typeof value === "string") return otherRule(value, to);
  const isReference = ["users", "owners", "except", "group", "licensing:moveLast"].includes(key);
  return isReference && typeof value === "string" && GUID.test(value) ? to.idFor(value) : value;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The same rule about other words. Their order could tell which is the commonest. */
function otherRule(text: string, { wordFor }: Pseudonyms): string {
  const rule = readRule(text);
  if (rule === null) return "left out";
  return ruleText(rule.map(({ attribute, values }) => ({ attribute, values: values.map(wordFor).sort() })));
}
