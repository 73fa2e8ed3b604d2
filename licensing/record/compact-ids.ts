import { DamagedRecord } from "./damaged-record";
import type { Guid } from "../model";

/**
 * Packs ids for inputs and state: 16 bytes each, sorted, as base64 (22 characters each instead of 39). To read one:
 * `base64 -d | xxd -p -c16`.
 */
export function packIds(ids: Iterable<Guid>): string {
  const sorted = [...new Set(ids)].sort();
  return Buffer.from(sorted.map((id) => id.replaceAll("-", "")).join(""), "hex").toString("base64");
}

/** Direct assignments as packed user ids by SKU. */
export type PackedPairs = Readonly<Record<Guid, string>>;

export function packPairs(pairs: Iterable<{ readonly userId: Guid; readonly skuId: Guid }>): PackedPairs {
  const bySku = new Map<Guid, Guid[]>();
  for (const { userId, skuId } of pairs) {
    const users = bySku.get(skuId) ?? [];
    bySku.set(skuId, users);
    users.push(userId);
  }
  return Object.fromEntries([...bySku].sort().map(([skuId, users]) => [skuId, packIds(users)]));
}

/**
 * The SKUs by user.
 *
 * @throws DamagedRecord if a list of ids is incomplete
 */
export function unpackPairs(packed: PackedPairs): ReadonlyMap<Guid, ReadonlySet<Guid>> {
  const byUser = new Map<Guid, Set<Guid>>();
  for (const [skuId, users] of Object.entries(packed)) {
    for (const userId of unpackIds(users)) byUser.set(userId, (byUser.get(userId) ?? new Set()).add(skuId));
  }
  return byUser;
}

/**
 * A list of all pairs of user and SKU.
 *
 * @throws DamagedRecord if a list of ids is incomplete
 */
export function pairsIn(packed: PackedPairs): readonly { readonly userId: Guid; readonly skuId: Guid }[] {
  return Object.entries(packed).flatMap(([skuId, users]) => unpackIds(users).map((userId) => ({ userId, skuId })));
}

const BYTES = 16;

/** @throws DamagedRecord if `packIds` did not write the text; a truncated list would pass for a complete one */
export function unpackIds(packed: string): readonly Guid[] {
  const bytes = Buffer.from(packed, "base64");
  // check: a list of ids is whole
  if (bytes.length % BYTES !== 0 || bytes.toString("base64") !== packed) {
    throw new DamagedRecord("a list of ids is cut short, or was written by something else");
  }
  const hex = bytes.toString("hex");
  const ids: Guid[] = [];
  for (let at = 0; at < hex.length; at += 2 * BYTES) {
    const id = hex.slice(at, at + 2 * BYTES);
    ids.push(`${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`);
  }
  return ids;
}
