import { z } from "zod";
import { parseDuration } from "../duration";
import { LOGICAL_NAME, LOGICAL_NAME_RULE } from "./logical-name";
import { didYouMean } from "../nearest";
import { DEFAULT_MIN_MOVED } from "../wave-outcome";
import {
  CLOUD_NAMES,
  type AcceptedLoss,
  type MembersSpec,
  type StackFile,
  type WaveSelector,
  type WaveSpec,
} from "./stack-file";
import { GUID_PATTERN } from "../model";

const SELECTORS = ["users", "group", "count", "percent"] as const;
const TENANT = new RegExp(`^(${GUID_PATTERN}|([a-z0-9-]+\\.)+[a-z]{2,})$`, "i");

/** `abort` avoids a second message about the format of an empty text. */
const text = z.string({ error: "must be a text" }).trim().min(1, { error: "must not be empty", abort: true });

/** The engine passes a top-level flag as text and a flag inside a map as a boolean. */
const flag = z
  .union([z.boolean(), z.enum(["true", "false"])], { error: "must be true or false" })
  .transform((value) => value === true || value === "true");

const logicalName = text.regex(LOGICAL_NAME, LOGICAL_NAME_RULE);

const duration = z
  .string({ error: 'must be a duration in words, such as "24 hours" or "30 minutes"' })
  .transform((words, context): number => {
    const parsed = parseDuration(words);
    if (parsed !== null) return parsed;
    context.addIssue({
      code: "custom",
      message: `"${words}" is no duration: write a number and a unit, such as "24 hours", "30 minutes" or "7 days"`,
    });
    return z.NEVER;
  });

const share = z
  .string({ error: 'must be a share of users in percent, such as "5 %"' })
  .transform((words, context): number => {
    const percent = Number(/^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(words)?.[1] ?? NaN);
    if (percent <= 100) return percent / 100;
    const message = `"${words}" is no share: write a number from 0 to 100 with a percent sign, such as "5 %"`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

const host = text
  .regex(
    /^https:\/\/[^/?#]+\/?$/i,
    'must be a host over HTTPS without a path or a version, such as "https://graph.microsoft.com"',
  )
  .transform((url) => url.replace(/\/$/, ""));

const HOSTS =
  'must be {graph: "https://host", authority: "https://host"}, both hosts over HTTPS without a path or a version';

const hosts = z.strictObject({ graph: host, authority: host }, { error: unknownKeys(HOSTS, ["graph", "authority"]) });

const cloud = z.union([z.enum(CLOUD_NAMES), hosts], {
  error: (issue) =>
    typeof issue.input === "object" && issue.input !== null
      ? HOSTS
      : `must be one of ${CLOUD_NAMES.join(", ")}, or {graph: "https://host", authority: "https://host"}`,
});

const LICENSE_KEYS = ["sku", "disabledPlans", "replaces"];

const licenseMap = z
  .strictObject(
    {
      sku: text,
      disabledPlans: z.array(text, { error: "must be a list of service plan names" }).default([]),
      replaces: z.array(text, { error: "must be a list of SKUs" }).default([]),
    },
    { error: unknownKeys('must be a SKU such as "EMS", or {sku: …, disabledPlans: […]}', LICENSE_KEYS) },
  )
  .transform(({ replaces, ...license }) => ({ ...license, ...(replaces.length > 0 && { replaces }) }));

/** A text is the SKU alone. */
const license = z.preprocess(
  (value: string | z.input<typeof licenseMap>) => (typeof value === "string" ? { sku: value } : value),
  licenseMap,
);

const formatUser = z.array(text, { error: "must be a list of user principal names or ids" });

const users = formatUser.min(1, "must name a user");

const MEMBERS = "must be direct-holders, none, {users: […]} or {rule: …}";

const members = z
  .union([z.enum(["direct-holders", "none"]), z.strictObject({ users }), z.strictObject({ rule: text })], {
    error: MEMBERS,
  })
  .transform((value): MembersSpec => {
    if (typeof value === "string") return { kind: value };
    return "rule" in value ? { kind: "rule", rule: value.rule } : { kind: "users", users: value.users };
  });

const CREATE_KEYS = ["displayName", "description", "owners", "members", "except"];

const create = z
  .strictObject(
    {
      displayName: text.max(256, "must have 256 characters at most"),
      description: text.max(1_024, "must have 1,024 characters at most").nullable().default(null),
      owners: formatUser.default([]),
      members,
      except: formatUser.optional(),
    },
    { error: unknownKeys("must be {displayName: …, owners: […], members: …}", CREATE_KEYS) },
  )
  .transform(({ except, ...rest }, context) => {
    if (except === undefined) return rest;
    if (rest.members.kind === "direct-holders") return { ...rest, members: { ...rest.members, except } };
    context.addIssue({
      code: "custom",
      path: ["except"],
      message: "goes with members: direct-holders only: it names direct holders that are not added",
    });
    return z.NEVER;
  });

const GROUP_KEYS = ["existing", "create", "licenses", "removeLicenses", "swapInOneCall"];

const group = z
  .strictObject(
    {
      existing: text.optional(),
      create: create.optional(),
      licenses: z
        .array(license, { error: "must be a list of SKUs" })
        .min(1, "must name at least one SKU: a licensing group without a licence gives nothing"),
      removeLicenses: z.array(text, { error: "must be a list of SKUs" }).default([]),
      swapInOneCall: z.array(text, { error: "must be a list of SKUs" }).default([]),
    },
    {
      error: unknownKeys("must be a group: {existing: …, licenses: […]} or {create: …, licenses: […]}", GROUP_KEYS, {
        "create of the group": CREATE_KEYS,
        "a licence, under licenses of the group": LICENSE_KEYS,
      }),
    },
  )
  .transform(({ existing, create, licenses, removeLicenses, swapInOneCall }, context) => {
    const given = {
      licenses,
      ...(removeLicenses.length > 0 && { removeLicenses }),
      ...(swapInOneCall.length > 0 && { swapInOneCall }),
    };
    if (existing !== undefined && create === undefined) return { existing, ...given };
    if (existing === undefined && create !== undefined) return { create, ...given };
    const message =
      existing === undefined
        ? "must say which group: existing for one that is there, or create for one that is made here"
        : "has existing and create: a group is either there or made here";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

/** Booleans only: inside a map the engine keeps the type. */
const rollback = z.union([z.boolean(), z.literal("all")], { error: "must be true, all or false" });

/** `{file: …}` is read before this, and its users stand in its place: see `users-file.ts`. */
const waveUsers = z
  .array(text, { error: "must be a list of user principal names or ids, or {file: wave1.csv}" })
  .min(1, "must name a user");

const WAVE_KEYS = ["name", ...SELECTORS, "soak", "maxBlocked", "minMoved", "rollback"];

const wave = z
  .strictObject(
    {
      name: logicalName,
      users: waveUsers.optional(),
      group: text.optional(),
      count: z.int({ error: "must be a whole number of users" }).min(1, "must be at least 1").optional(),
      percent: z
        .number({ error: "must be a number" })
        .gt(0, "must be more than 0 and at most 100")
        .max(100, "must be more than 0 and at most 100")
        .optional(),
      soak: duration.default(0),
      maxBlocked: z.int({ error: "must be a whole number of users" }).min(0, "must be 0 or more").optional(),
      minMoved: share.default(DEFAULT_MIN_MOVED),
      rollback: rollback.default(false),
    },
    { error: unknownKeys("must be a wave: {name: …, percent: …}", WAVE_KEYS) },
  )
  .transform((raw, context): WaveSpec => {
    const chosen = SELECTORS.filter((key) => raw[key] !== undefined);
    if (chosen.length !== 1) {
      const found = chosen.length === 0 ? "none of them" : chosen.join(" and ");
      context.addIssue({
        code: "custom",
        message: `takes its users by exactly one of ${SELECTORS.join(", ")}; this wave has ${found}`,
      });
      return z.NEVER;
    }
    return {
      name: raw.name,
      takes: selector(raw),
      soakMs: raw.soak,
      maxBlocked: raw.maxBlocked ?? null,
      minMoved: raw.minMoved,
      rollback: raw.rollback,
    };
  });

const MOVE_KEYS = ["from", "to", "acceptOtherUses"];

const move = z.strictObject(
  {
    from: text,
    to: text,
    acceptOtherUses: z.array(text, { error: "must be a list of the two groups' logical names" }).default([]),
  },
  { error: unknownKeys("must name two groups of licensing:groups: {from: …, to: …}", MOVE_KEYS) },
);

const LOSS_KEYS = ["group", "sku", "plan", "plans"];

const LOSS =
  "must name a group, a SKU and what it may cost: {group: …, sku: …, plan: …} or {group: …, sku: …, plans: […]}";

const acceptedLoss = z
  .strictObject(
    {
      group: text,
      sku: text,
      plan: text.optional(),
      plans: z.array(text, { error: "must be a list of service plan names" }).min(1, "must name a plan").optional(),
    },
    { error: unknownKeys(LOSS, LOSS_KEYS) },
  )
  .transform(({ group, sku, plan, plans }, context): AcceptedLoss => {
    if (plan !== undefined && plans === undefined) return { group, sku, plans: [plan] };
    if (plan === undefined && plans !== undefined) return { group, sku, plans };
    context.addIssue({ code: "custom", message: LOSS });
    return z.NEVER;
  });

const SUCCESSOR_KEYS = ["plan", "by"];

const successor = z.strictObject(
  { plan: text, by: text },
  { error: unknownKeys("must name a plan and its successor: {plan: …, by: …}", SUCCESSOR_KEYS) },
);

const DEFAULT_TIMEOUTS = {
  processing: "2 hours",
  inheritance: "5 minutes",
  settle: "30 seconds",
  putBack: "15 minutes",
} as const;

const timeouts = z.strictObject(
  {
    processing: duration.prefault(DEFAULT_TIMEOUTS.processing),
    inheritance: duration.prefault(DEFAULT_TIMEOUTS.inheritance),
    settle: duration.prefault(DEFAULT_TIMEOUTS.settle),
    putBack: duration.prefault(DEFAULT_TIMEOUTS.putBack),
  },
  { error: unknownKeys("must be a map of durations", Object.keys(DEFAULT_TIMEOUTS)) },
);

/**
 * In percent. Below the minimum, the units of a wave in flight would not fit; above the maximum, no reserve is left
 * for errors in counting Graph's quota.
 */
const PACE = { least: 10, most: 95 } as const;

const pace = z
  .string({ error: `must be a share of Graph's quota in percent, such as "80%"` })
  .transform((words, context): number => {
    const percent = Number(/^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(words)?.[1] ?? NaN);
    if (percent >= PACE.least && percent <= PACE.most) return percent / 100;
    const message = Number.isNaN(percent)
      ? `"${words}" is no share: write a number from ${PACE.least} to ${PACE.most} with a percent sign, such as "80%"`
      : `must be at least ${PACE.least}% and at most ${PACE.most}%: below that a run gets nowhere, and above it Graph would refuse requests`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

/** The engine converts an unquoted day to a time: `2026-11-29 00:00:00 +0000 UTC`. */
const day = z
  .string({ error: "must be a day, such as 2026-11-29" })
  .transform((words) => words.replace(/[T ]00:00:00(\.0+)?( ?\+0000 UTC|Z)?$/, ""))
  .refine((words) => /^\d{4}-\d\d-\d\d$/.test(words) && isOnCalendar(words), {
    error: "must be a day of the calendar, such as 2026-11-29",
  });

/** `Date.parse` turns 30 February into 2 March, so the result must format to the same day. */
function isOnCalendar(words: string): boolean {
  const ms = Date.parse(words);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(words);
}

const DEPARTURE_KEYS = ["limit", "acknowledged"];

const departures = z.strictObject(
  { limit: share.prefault("5 %"), acknowledged: day.optional() },
  { error: unknownKeys("must be {limit: 5 %, acknowledged: 2026-11-29}", DEPARTURE_KEYS) },
);

const KEYS = [
  "tenant",
  "cloud",
  "groups",
  "waves",
  "moves",
  "applyThrough",
  "acceptLoss",
  "successors",
  "acceptGrace",
  "acceptNoWayBack",
  "departures",
  "moveLast",
  "writtenOff",
  "timeouts",
  "pace",
  "reprocess",
  "showNames",
];

/** Schema of one stack file. Mistakes between its parts are found in `mistakes.ts`. */
export const stackFileSchema = z
  .strictObject(
    {
      tenant: text.regex(TENANT, 'must be a tenant id (a GUID) or a verified domain, such as "contoso.com"'),
      cloud: cloud.default("global"),
      groups: z
        .record(z.string(), group, { error: "must be a map of logical names to groups" })
        .refine((groups) => Object.keys(groups).length > 0, "must declare at least one licensing group"),
      waves: z.array(wave, { error: "must be a list of waves, in order" }).default([]),
      moves: z.array(move, { error: "must be a list of {from: …, to: …}" }).default([]),
      applyThrough: text.optional(),
      acceptLoss: z.array(acceptedLoss, { error: "must be a list of {group: …, sku: …, plan: …}" }).default([]),
      successors: z.array(successor, { error: "must be a list of {plan: …, by: …}" }).default([]),
      acceptGrace: z.array(text, { error: "must be a list of SKUs" }).default([]),
      acceptNoWayBack: z
        .union([flag, z.array(text)], { error: "must be true, false or a list of SKUs" })
        .default(false),
      departures: departures.prefault({}),
      moveLast: z.array(text, { error: "must be a list of user principal names or ids" }).default([]),
      writtenOff: z.array(text, { error: "must be a list of user principal names or ids" }).default([]),
      timeouts: timeouts.prefault({}),
      pace: pace.optional(),
      reprocess: flag.default(false),
      showNames: flag.default(false),
    },
    {
      error: unknownKeys("must be a map", KEYS, {
        "a wave, under licensing:waves": WAVE_KEYS,
        "a move, under licensing:moves": MOVE_KEYS,
        "a group, under licensing:groups": GROUP_KEYS,
        "licensing:timeouts": Object.keys(DEFAULT_TIMEOUTS),
        "licensing:departures": DEPARTURE_KEYS,
      }),
    },
  )
  .transform((file): StackFile => ({
    tenant: file.tenant.toLowerCase(),
    cloud: file.cloud,
    groups: Object.entries(file.groups).map(([name, spec]) => ({ name, ...spec })),
    waves: file.waves,
    moves: file.moves,
    applyThrough: file.applyThrough ?? null,
    acceptLoss: file.acceptLoss,
    successors: file.successors,
    acceptGrace: file.acceptGrace,
    acceptNoWayBack: file.acceptNoWayBack,
    departures: { share: file.departures.limit, acknowledged: file.departures.acknowledged ?? null },
    moveLast: file.moveLast,
    writtenOff: file.writtenOff,
    timeouts: {
      processingMs: file.timeouts.processing,
      inheritanceMs: file.timeouts.inheritance,
      settleMs: file.timeouts.settle,
      putBackMs: file.timeouts.putBack,
    },
    pace: file.pace ?? null,
    reprocess: file.reprocess,
    showNames: file.showNames,
  }));

/**
 * Builds the error of an object: names unknown keys with the nearest allowed ones and the place where they are
 * allowed, or describes the expected shape.
 *
 * @param below the keys one level down, by the place that they belong to
 */
function unknownKeys(
  shape: string,
  allowed: readonly string[],
  below: Readonly<Record<string, readonly string[]>> = {},
) {
  const meant = (key: string): string => {
    const places = Object.keys(below).filter((place) => below[place]?.includes(key));
    return didYouMean(key, allowed) + (places.length === 0 ? "" : ` It is a key of ${places.join(" and of ")}.`);
  };
  return (issue: z.core.$ZodRawIssue): string => {
    if (issue.code !== "unrecognized_keys") return shape;
    const keys = issue.keys as readonly string[];
    const named = keys.map((key) => `unknown key "${key}".${meant(key)}`).join(" ");
    return `${named} Allowed: ${allowed.join(", ")}`;
  };
}

function selector(raw: {
  users?: string[] | undefined;
  group?: string | undefined;
  count?: number | undefined;
  percent?: number | undefined;
}): WaveSelector {
  if (raw.users !== undefined) return { kind: "users", users: raw.users };
  if (raw.group !== undefined) return { kind: "group", group: raw.group };
  if (raw.count !== undefined) return { kind: "count", count: raw.count };
  return { kind: "percent", percent: raw.percent ?? 0 };
}
