import type * as pulumi from "@pulumi/pulumi";
import type { DeclaredGroup } from "../licensing/declaration";
import type { Guid } from "../licensing/model";

/**
 * The ids of groups that this run makes, by what stands for them in the plan. What is planned for them goes into resources with these,
 * unknown in a preview and real in an `up`: a resource never sees what stands for an id.
 */
export class MadeIds {
  private constructor(private readonly ids: ReadonlyMap<Guid, pulumi.Input<Guid>>) {}

  static of(
    groups: readonly (readonly [DeclaredGroup, { readonly groupId: pulumi.Input<Guid> } | undefined])[],
  ): MadeIds {
    return new MadeIds(
      new Map(groups.map(([declared, made]) => [declared.groupId, made?.groupId ?? declared.groupId])),
    );
  }

  idOf({ groupId }: DeclaredGroup): pulumi.Input<Guid> {
    return this.ids.get(groupId) ?? groupId;
  }

  /** As inputs of a resource, which has real ids by the time it is carried out. */
  in(groups: readonly DeclaredGroup[]): readonly DeclaredGroup[] {
    return groups.map((group) => ({ ...group, groupId: this.idOf(group) as Guid }));
  }
}
