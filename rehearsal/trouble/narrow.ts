import type { Guid } from "../../licensing/model";
import { Refusal } from "../../licensing/refusal";
import { counted } from "../../licensing/counts";
import { atARemoval, formatMiddle } from "./at-a-removal";
import { declaredGroups } from "./declared-groups";
import type { Scene, Trouble } from "./trouble";

/** Trouble: an administrator disables a plan in a group's licence during a wave. */
export function narrow(name: string, scene: Scene): Trouble {
  const { emulator } = scene.stage;
  const { tenant, history } = emulator;
  const names = scene.stackFile.groups.map((group) => group.name);
  if (!names.includes(name))
    throw new Refusal(`--narrow ${name}: the stack file has no group of that name. It has ${names.join(", ")}.`);
  let done: { readonly moment: string; readonly planId: Guid } | null = null;

  function narrowNow(moment: string): void {
    const found = declaredGroups(scene).find((each) => each.name === name);
    const license = found?.group?.licenses.find(({ skuId }) => found.skuIds.has(skuId));
    if (!found?.group || license === undefined) return;
    const [planId] = scene.catalog.enabledPlans(license);
    if (planId === undefined) return;
    const licenses = found.group.licenses.map(({ skuId, disabledPlans }) => ({
      sku: skuId,
      disabledPlans: skuId === license.skuId ? [...disabledPlans, planId] : [...disabledPlans],
    }));
    tenant.setGroupLicenses(found.group.id, licenses);
    done = { moment, planId };
  }

  return {
    option: `--narrow ${name}`,
    inTheMiddleOf: (middle) => {
      atARemoval(emulator, middle, () => {
        narrowNow(formatMiddle(middle));
      });
    },
    report: () => {
      if (done === null)
        return `${name} was not narrowed: no wave had anything to remove or to move, or it gives nothing.`;
      const { moment, planId } = done;
      const without = new Set(
        history.losses({ by: "people" }).flatMap(({ userId, planIds }) => (planIds.includes(planId) ? [userId] : [])),
      );
      const still = [...without].filter((userId) => !tenant.effectivePlans(userId).includes(planId));
      return (
        `${scene.catalog.planName(planId)} was taken out of the licence of ${name} ${moment}. Such a change takes it from users that ` +
        `inherit it alone by then: ${counted(without.size, "user was", "users were")} without it until the next up gave it back, ` +
        `${still.length === 0 ? "and no user is now" : `and ${counted(still.length, "user is", "users are")} still`}.`
      );
    },
  };
}
