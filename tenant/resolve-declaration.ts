import type { TenantReads } from "../graph/tenant-graph";
import { idOf, type Catalog } from "../licensing/catalog/catalog";
import type { DeclaredGroup } from "../licensing/declaration";
import type { Guid, License, LicensedGroup } from "../licensing/model";
import type { OwnGroups } from "../licensing/stack-file/own-group";
import { EMPTY_RECORD, type StackRecord } from "../licensing/record/record";
import { NO_NAMES, type RecordedNames } from "../licensing/catalog/recorded-names";
import type {
  CreatedGroupSpec,
  ExistingGroupSpec,
  GroupSpec,
  StackFileMistake,
} from "../licensing/stack-file/stack-file";
import { Refusal } from "../licensing/refusal";
import { recordedGroups } from "./recorded-groups";
import { allReplaced, replacingInCircles } from "./resolve-replaces";
import { NO_OWN_GROUPS, type OwnGroupsFound } from "./resolve-own-groups";

/**
 * Resolves the declared groups and licences to ids.
 *
 * @throws {Refusal} with all mistakes: every group or SKU that cannot be found
 */
export async function resolveDeclaration(
  graph: TenantReads,
  specs: readonly GroupSpec[],
  catalog: Catalog,
  { own, deleted, mistakes: ofOwn }: OwnGroupsFound = NO_OWN_GROUPS,
  known: RecordedNames = NO_NAMES,
  record: Pick<StackRecord, "groupLicenses"> = EMPTY_RECORD,
): Promise<readonly DeclaredGroup[]> {
  const candidates = await graph.findGroups(specs.flatMap((spec) => ("existing" in spec ? [spec.existing] : [])));
  const recorded = await recordedGroups(graph, specs, candidates, record);
  const mistakes: StackFileMistake[] = [...ofOwn];
  const declared = specs.flatMap((spec): DeclaredGroup[] => {
    const before = deleted.get(spec.name) ?? recorded.get(spec.name);
    if (before?.kind === "deleted") {
      const { groupId, displayName, deletion } = before;
      const licenses = allLicenses(spec, catalog, known, mistakes, null);
      const replaces = allReplaced(spec, catalog, known, mistakes);
      return [{ name: spec.name, groupId, displayName, licenses, ...replaces, deleted: deletion }];
    }
    const named = before === undefined ? undefined : [before.group];
    const existing = "existing" in spec ? oneGroup(spec, named ?? candidates.get(spec.existing) ?? [], mistakes) : null;
    const group = "existing" in spec ? existing : ownGroup(spec, own);
    const licenses = allLicenses(spec, catalog, known, mistakes, existing);
    const removes = allRemoved(spec, "removeLicenses", licenses, catalog, mistakes);
    const swaps = allRemoved(spec, "swapInOneCall", licenses, catalog, mistakes);
    mistakes.push(...removedTwice(spec, removes, swaps, catalog));
    const replaces = allReplaced(spec, catalog, known, mistakes);
    if (group === null) return [];
    const { id: groupId, displayName } = group;
    const goes = { ...(removes.length > 0 && { removes }), ...(swaps.length > 0 && { swaps }) };
    return [{ name: spec.name, groupId, displayName, licenses, ...replaces, ...goes }];
  });
  mistakes.push(...declaredTwice(declared), ...replacingInCircles(specs, declared, catalog));
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  return declared;
}

/** Uses the display name of the stack file: the run renames the group to it. */
function ownGroup(
  { name, create }: CreatedGroupSpec,
  own: OwnGroups,
): Pick<LicensedGroup, "id" | "displayName"> | null {
  const found = own.get(name);
  return found === undefined ? null : { id: found.groupId, displayName: create.displayName };
}

function oneGroup(
  spec: ExistingGroupSpec,
  found: readonly LicensedGroup[],
  mistakes: StackFileMistake[],
): LicensedGroup | null {
  const complain = (message: string): null => {
    mistakes.push({ path: `licensing:groups.${spec.name}.existing`, message });
    return null;
  };
  const [group, ...others] = found;
  if (group === undefined) {
    return complain(
      `the tenant has no group "${spec.existing}". Write its display name exactly as the portal shows it, or its object id`,
    );
  }
  if (others.length > 0) {
    const ids = found.map((each) => each.id).join(", ");
    return complain(`${found.length} groups are called "${spec.existing}": write the object id of one of them: ${ids}`);
  }
  if (!group.securityEnabled) {
    return complain(
      `"${group.displayName}" is not security-enabled, and Entra gives licences only to security groups and to ` +
        "Microsoft 365 groups that are security-enabled. Choose such a group, or enable security on this one",
    );
  }
  return group;
}

function allLicenses(
  spec: GroupSpec,
  catalog: Catalog,
  known: RecordedNames,
  mistakes: StackFileMistake[],
  group: LicensedGroup | null,
): readonly License[] {
  const licenses = spec.licenses.flatMap((license, index): License[] => {
    const path = `licensing:groups.${spec.name}.licenses[${index}]`;
    const lookup = catalog.resolve(license, known);
    if ("problem" in lookup) {
      mistakes.push({ path, message: lookup.problem });
      return [];
    }
    const { found, isGone, notes } = lookup;
    // A SKU that the tenant lost may stay on a group that has it, but cannot be assigned to a group that lacks it.
    if (isGone && group !== null && !group.licenses.some(({ skuId }) => skuId === found.skuId)) {
      mistakes.push({ path, message: notes.map(({ message, remedy }) => `${message}. ${remedy}`).join(" ") });
      return [];
    }
    return [found];
  });
  licenses.forEach(({ skuId }, index) => {
    if (licenses.findIndex((other) => other.skuId === skuId) === index) return;
    const path = `licensing:groups.${spec.name}.licenses[${index}]`;
    mistakes.push({ path, message: `${catalog.skuName(skuId)} is listed twice: keep one entry` });
  });
  return licenses;
}

function allRemoved(
  spec: GroupSpec,
  key: "removeLicenses" | "swapInOneCall",
  licenses: readonly License[],
  catalog: Catalog,
  mistakes: StackFileMistake[],
): readonly Guid[] {
  return (spec[key] ?? []).flatMap((word, index): Guid[] => {
    const complain = (message: string): [] => {
      mistakes.push({ path: `licensing:groups.${spec.name}.${key}[${index}]`, message });
      return [];
    };
    const lookup = catalog.findSku(word);
    // A group may still have a SKU that the tenant lost, and then only its id is known.
    if ("problem" in lookup) {
      const gone = idOf(word);
      return gone === undefined ? complain(lookup.problem) : [gone];
    }
    const { id, partNumber } = lookup.found;
    return licenses.some(({ skuId }) => skuId === id)
      ? complain(
          `${partNumber} is under licenses, too: the group gives it or it does not. Take it out of one of the two`,
        )
      : [id];
  });
}

function removedTwice(
  { name }: GroupSpec,
  removes: readonly Guid[],
  swaps: readonly Guid[],
  catalog: Catalog,
): readonly StackFileMistake[] {
  const both = swaps.filter((skuId) => removes.includes(skuId)).map((skuId) => catalog.skuName(skuId));
  if (both.length === 0) return [];
  const message = `${both.join(" and ")} is under removeLicenses, too: it goes in one call or in two steps. Keep one entry`;
  return [{ path: `licensing:groups.${name}.swapInOneCall`, message }];
}

function declaredTwice(declared: readonly DeclaredGroup[]): readonly StackFileMistake[] {
  return declared.flatMap((group, index) => {
    const first = declared.findIndex((other) => other.groupId === group.groupId);
    const other = declared[first];
    if (first === index || other === undefined) return [];
    const message = `is the same group as licensing:groups.${other.name}: declare it once, with all its licences`;
    return [{ path: `licensing:groups.${group.name}.existing`, message }];
  });
}
