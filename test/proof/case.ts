import type { ViolationCause } from "../../emulator";

/**
 * One case of the proof as plain data: a tenant, a stack file, and what goes wrong in each run. Users, groups, SKUs and plans
 * are numbers; one that is too large wraps around, so that every case stays valid while fast-check makes it smaller.
 */
export interface Case {
  readonly weather: Weather;
  /** The plans of each SKU; plans that several SKUs have overlap. */
  readonly skus: readonly (readonly number[])[];
  readonly users: readonly UserCase[];
  readonly groups: readonly GroupCase[];
  /** What changes in the stack file's groups from run to run, see `declaredGroups`. */
  readonly changes: readonly ChangeCase[];
  /** Groups whose members go to another one; what the stack file would refuse is left out, see `movesOf`. */
  readonly moves: readonly MoveCase[];
  /** Users of a group that is inside the first one. */
  readonly nested: readonly number[];
  /** How the subscription of each SKU stands at first; absent: Enabled. */
  readonly statuses: readonly (Status | null)[];
  /** How many seats are free, by SKU; absent: plenty. */
  readonly seatsFree: readonly (number | null)[];
  /** Plans that one user cannot have both of. */
  readonly exclusive: readonly [number, number] | null;
  /** Plans, each with one that succeeds it: `licensing:successors`. */
  readonly successors: readonly (readonly [number, number])[];
  /** A SKU that is a trial. */
  readonly trial: number | null;
  /** `licensing:acceptNoWayBack`: of each SKU, of none, or of these. */
  readonly acceptNoWayBack: boolean | readonly number[];
  readonly waves: { readonly canary: number | null; readonly soakMs: number };
  /** Users of one unit of removal: few, so that several units are in the air. */
  readonly usersPerUnit: number;
  /** How long requests take, one after the other and again from the first, so that units overlap in ever other ways. */
  readonly delays: readonly number[];
  readonly runs: readonly RunCase[];
}

/** How Entra is that day: prompt, slow in the background and short of quota, or with lists that lag behind. */
export const WEATHERS = ["prompt", "slow", "behind"] as const;
export type Weather = (typeof WEATHERS)[number];

export const STATUSES = ["Enabled", "Warning", "Suspended", "LockedOut", "Deleted"] as const;
export type Status = (typeof STATUSES)[number];

export interface LicenseCase {
  readonly sku: number;
  /** Which of the SKU's plans are off. */
  readonly off: readonly number[];
}

export interface UserCase {
  readonly direct: readonly LicenseCase[];
  readonly memberOf: readonly number[];
  /** Without a location, so that nothing could be put back. */
  readonly nowhere: boolean;
  /** In a restricted management administrative unit, so that no app may write to the user. */
  readonly restricted: boolean;
  /** A group with a membership that ends by itself, long after the case. */
  readonly ends: number | null;
  /** The direct licences name a plan as off that their SKU no longer has. */
  readonly retired: boolean;
  /** A SKU in `assignedLicenses` without an entry in `licenseAssignmentStates`. */
  readonly hidden: number | null;
  /** In a country where the first SKU must not be assigned. */
  readonly abroad: boolean;
  /** A group's licence that fails for this user. */
  readonly error: { readonly group: number; readonly sku: number; readonly cause: ViolationCause } | null;
}

export interface GroupCase {
  readonly declares: readonly LicenseCase[];
  /** SKUs that a licence of the group replaces, where the stack file may say so: see `declaredGroups`. */
  readonly replaces: readonly Replacing[];
  /** What the group gives before the first run, measured by what is declared for it. */
  readonly gives: "nothing" | "declared" | "less" | "more";
}

/** Before a run the stack file says of a group that it gives something else. */
export interface ChangeCase extends Pick<GroupCase, "declares" | "replaces"> {
  /** Before which run, counted from the second one; past the last: once the trouble is over. */
  readonly before: number;
  readonly group: number;
  /** What the file says of SKUs that it gave before: nothing, or the key that names them. */
  readonly leaving: Leaving;
}

export const LEAVINGS = ["unsaid", "removeLicenses", "swapInOneCall"] as const;
export type Leaving = (typeof LEAVINGS)[number];

export interface MoveCase {
  readonly from: number;
  readonly to: number;
}

export interface Replacing {
  readonly sku: number;
  readonly by: number;
}

/** One `up`, and what happens around it and in its middle. */
export interface RunCase {
  /** How far the clock goes on before it. */
  readonly minutesBefore: number;
  readonly rollback: boolean;
  readonly happenings: readonly Happening[];
  /** Number of units before a request to stop. */
  readonly stopAfter: number | null;
  /** After so many signs of life the run is killed. */
  readonly killAfter: number | null;
}

/** Something happens once so many requests of a kind have passed. */
export interface Happening {
  readonly at: Moment;
  readonly after: number;
  readonly what: Trouble | Deed | { readonly kind: "clock" };
  /** It befalls the user of that very request: a deed at that moment, trouble from the next request for the user on. */
  readonly isOfItsUser?: boolean;
  /** How far the clock goes on at that very moment. */
  readonly seconds: number;
}

export const MOMENTS = [
  "any",
  "user read",
  "membership read",
  "group read",
  "batch",
  "user write",
  "write",
  "join",
  "leave",
] as const;
export type Moment = (typeof MOMENTS)[number];

/** What goes wrong on the way to Graph and back. */
export interface Trouble {
  readonly kind: "trouble";
  readonly effect: "reset" | "lost" | 409 | 429 | 500 | 503 | 504;
  /** Seconds. */
  readonly retryAfter: number | null;
  /** A 5xx that hides that it was done. */
  readonly afterDoing: boolean;
  readonly times: number;
}

/** What other people do in the tenant. */
export type Deed =
  | { readonly kind: "leave" | "join"; readonly user: number; readonly group: number }
  | { readonly kind: "narrow" | "drop" | "as declared" | "give again"; readonly group: number; readonly plan: number }
  | { readonly kind: "direct" | "no direct"; readonly user: number; readonly license: LicenseCase }
  | { readonly kind: "delete"; readonly user: number }
  | { readonly kind: "subscription"; readonly sku: number; readonly status: Status }
  | { readonly kind: "ends" | "lasts"; readonly user: number; readonly group: number }
  | { readonly kind: "location"; readonly user: number; readonly isThere: boolean }
  | { readonly kind: "restricted"; readonly user: number; readonly isRestricted: boolean }
  | { readonly kind: "retire"; readonly sku: number; readonly plan: number }
  | { readonly kind: "seats"; readonly sku: number; readonly free: number }
  | {
      readonly kind: "error";
      readonly user: number;
      readonly group: number;
      readonly sku: number;
      readonly cause: ViolationCause | null;
    };
