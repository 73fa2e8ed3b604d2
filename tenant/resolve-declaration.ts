import type { TenantGraph } from "../graph/tenant-graph";
import type { Catalog } from "../licensing/catalog";
import type { DeclaredGroup } from "../licensing/declaration";
import type { License, LicensedGroup } from "../licensing/model";
import type { GroupSpec, StackFileMistake } from "../licensing/stack-file";
import { Refusal } from "../licensing/refusal";

/** The declared groups with ids in place of names; every group or SKU that cannot be found is named at once. */
export async function resolveDeclaration(
  graph: TenantGraph,
  specs: readonly GroupSpec[],
  catalog: Catalog,
): Promise<readonly DeclaredGroup[]> {
  const candidates = await graph.findGroups(specs.map((spec) => spec.existing));
  const mistakes: StackFileMistake[] = [];
  const declared = specs.flatMap((spec): DeclaredGroup[] => {
    const group = oneGroup(spec, candidates.get(spec.existing) ?? [], mistakes);
    const licenses = allLicenses(spec, catalog, mistakes);
    if (group === null) return [];
    return [{ name: spec.name, groupId: group.id, displayName: group.displayName, licenses }];
  });
  mistakes.push(...declaredTwice(declared));
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  return declared;
}

function oneGroup(
  spec: GroupSpec,
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

function allLicenses(spec: GroupSpec, catalog: Catalog, mistakes: StackFileMistake[]): readonly License[] {
  const licenses = spec.licenses.flatMap((license, index): License[] => {
    const path = `licensing:groups.${spec.name}.licenses[${index}]`;
    const lookup = catalog.resolve(license);
    if ("found" in lookup) return [lookup.found];
    mistakes.push({ path, message: lookup.problem });
    return [];
  });
  licenses.forEach(({ skuId }, index) => {
    if (licenses.findIndex((other) => other.skuId === skuId) === index) return;
    const path = `licensing:groups.${spec.name}.licenses[${index}]`;
    mistakes.push({ path, message: `${catalog.skuName(skuId)} is listed twice: keep one entry` });
  });
  return licenses;
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
