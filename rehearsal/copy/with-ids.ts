import type { DeclaredGroup } from "../../licensing/declaration";
import type { Guid } from "../../licensing/model";
import type { OwnGroups } from "../../licensing/stack-file/own-group";
import { isMap } from "../../cli/config-in-file";
import type { StackConfig } from "./stack-config";

/** The ids of the users and groups that a stack file names. */
export interface Resolved {
  readonly tenantId: Guid;
  readonly declared: readonly DeclaredGroup[];
  readonly own: OwnGroups;
  /** By wave, for waves that list users. */
  readonly usersOfWaves: ReadonlyMap<string, readonly Guid[]>;
  /** By wave, for waves that take a group's members. */
  readonly groupsOfWaves: ReadonlyMap<string, Guid>;
  readonly moveLast: readonly Guid[];
}

/**
 * The stack file for the copy, with ids in place of user and group names. The keys for the cloud and for `applyThrough` are
 * dropped, because the rehearsal sets them.
 */
export function withIds(config: StackConfig, resolved: Resolved): StackConfig {
  const { "licensing:cloud": _cloud, "licensing:applyThrough": _last, "licensing:showNames": _names, ...kept } = config;
  const groups = Object.entries(mapAt(config, "licensing:groups")).map(([name, group]) => [
    name,
    isMap(group) ? groupWithIds(name, group, resolved) : group,
  ]);
  const waves = listAt(config, "licensing:waves").map((wave) => (isMap(wave) ? waveWithIds(wave, resolved) : wave));
  return {
    ...kept,
    "licensing:tenant": resolved.tenantId,
    "licensing:groups": Object.fromEntries(groups) as unknown,
    ...(waves.length > 0 ? { "licensing:waves": waves } : {}),
    ...(resolved.moveLast.length > 0 ? { "licensing:moveLast": resolved.moveLast } : {}),
  };
}

function groupWithIds(
  name: string,
  group: Readonly<Record<string, unknown>>,
  { declared, own }: Resolved,
): Readonly<Record<string, unknown>> {
  const { existing, create, ...kept } = group;
  if (!isMap(create)) return { existing: declared.find((each) => each.name === name)?.groupId ?? existing, ...kept };
  const { members, owners, except, ...rest } = create;
  const mine = own.get(name);
  const ids = mine?.members.kind === "users" ? { users: [...mine.members.userIds] } : members;
  const excepted = mine?.members.kind === "direct-holders" ? [...(mine.members.except ?? [])] : [];
  return {
    create: {
      ...rest,
      ...(owners === undefined ? {} : { owners: mine?.ownerIds ?? [] }),
      members: ids,
      ...(except === undefined ? {} : { except: excepted }),
    },
    ...kept,
  };
}

function waveWithIds(
  wave: Readonly<Record<string, unknown>>,
  { usersOfWaves, groupsOfWaves }: Resolved,
): Readonly<Record<string, unknown>> {
  const { rollback: _rollback, ...kept } = wave;
  const name = String(wave["name"]);
  const users = usersOfWaves.get(name);
  const group = groupsOfWaves.get(name);
  return { ...kept, ...(users === undefined ? {} : { users }), ...(group === undefined ? {} : { group }) };
}

function mapAt(config: StackConfig, key: string): Readonly<Record<string, unknown>> {
  const value = config[key];
  return isMap(value) ? value : {};
}

function listAt(config: StackConfig, key: string): readonly unknown[] {
  const value = config[key];
  return Array.isArray(value) ? value : [];
}
