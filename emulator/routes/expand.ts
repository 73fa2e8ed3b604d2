import type { User } from "../directory/entities";
import { notSupported } from "../graph-error";
import { groupShape } from "./group-shape";
import { readGroups } from "./permissions";
import type { Call } from "./route";
import { checkSelect, type Json, project, withheld } from "./shape";

/** Graph expands a relationship of a directory object to 20 objects at most, and does not say that there are more. */
const most = 20;

/** `memberOf` or `memberOf($select=id,displayName)`. */
const form = /^(\w+)(?:\(\$select=([\w,]+)\))?$/;

/** What `$expand` adds to a user: one relationship, as Graph allows. */
export function expanded(call: Call, user: User): Json {
  const { expand } = call.query;
  if (expand === undefined) return {};
  const [, name = "", selected] = form.exec(expand) ?? [];
  // Managers are not known here, and a user without one shows none.
  if (name === "manager") return {};
  if (name !== "memberOf") throw notSupported(`$expand=${expand}`);
  const select = selected?.split(",");
  checkSelect(select, groupShape);
  const { directory } = call.world;
  const groups = directory.memberships.listedGroupsOf(user.id).flatMap((id) => directory.groups.get(id) ?? []);
  return {
    memberOf: groups.slice(0, most).map((group) => {
      const json = project(groupShape, group, select);
      return { "@odata.type": "#microsoft.graph.group", ...(call.may(readGroups) ? json : withheld(json)) };
    }),
  };
}
