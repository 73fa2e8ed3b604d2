import type { Group } from "../../emulator";
import type { Guid } from "../../licensing/model";
import type { Scene } from "./trouble";

export interface DeclaredHere {
  readonly name: string;
  readonly skuIds: ReadonlySet<Guid>;
  /** `null` if the stack has not created the group yet. */
  readonly group: Group | null;
}

/** The declared groups in their current state in the embedded tenant. */
export function declaredGroups({ stage, stackFile, catalog }: Scene): readonly DeclaredHere[] {
  const { tenant } = stage.emulator;
  return stackFile.groups.map((spec) => {
    const called = "existing" in spec ? spec.existing : spec.create.displayName;
    const group = tenant.groups().find(({ id, displayName }) => id === called || displayName === called) ?? null;
    const skuIds = spec.licenses.flatMap((license) => {
      const lookup = catalog.resolve(license);
      return "found" in lookup ? [lookup.found.skuId] : [];
    });
    return { name: spec.name, group, skuIds: new Set(skuIds) };
  });
}
