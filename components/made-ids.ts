import type * as pulumi from "@pulumi/pulumi";
import type { DeclaredGroup } from "../licensing/declaration";
import type { Guid } from "../licensing/model";

/**
 * The ids of groups that this run creates, by their placeholders in the plan. Resources get these outputs, unknown in a
 * preview and real in an `up`, and never see a placeholder.
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

  /** As resource inputs, which have real ids when the resource runs. */
  in(groups: readonly DeclaredGroup[]): readonly DeclaredGroup[] {
    return groups.map((group) => ({ ...group, groupId: this.idOf(group) as Guid }));
  }
}
