import type { User } from "../directory/entities";
import { notSupported } from "../graph-error";
import { groupShape } from "./group-shape";
import { readGroups } from "./permissions";
import type { Call } from "./route";
import { checkSelect, type Json, project, withheld } from "./shape";

/** Graph silently truncates an expanded relationship of a directory object at 20 objects. */
const most = 20;

/** `memberOf` or `memberOf($select=id,displayName)`. */
const form = /^(\w+)(?:\(\$select=([\w,]+)\))?$/;

/** The relationship that `$expand` adds to a user. Graph allows only one. */
export function expanded(call: Call, user: User): Json {
  const { expand } = call.query;
  if (expand === undefined) return {};
  const [, name = "", selected] = form.exec(expand) ?? [];
  // The embedded Graph has no managers, and Graph omits the property for users without one.
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
