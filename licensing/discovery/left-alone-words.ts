import type { Catalog } from "../catalog/catalog";
import { counted } from "../counts";
import { formatLicenses } from "../license-patterns";
import type { LeftDirect } from "./proposal";
import type { LeftAlone } from "./wanted";

const SHOWN = 12;

const WHY: Readonly<Record<LeftAlone["why"], readonly [before: string, after: string]>> = {
  "self-service": [
    "Left alone, because users take these for themselves or try them",
    "--self-service takes them, too.",
  ],
  ended: ["Left alone, because the subscription has ended", "A group could not give it."],
  "lacks-prerequisite": [
    "Left alone, because a plan of these needs one that their holders do not hold directly",
    "Entra gives both only from one group: declare the SKU in the group that gives what it needs.",
  ],
};

export function leftAloneLines(leftAlone: readonly LeftAlone[], catalog: Catalog): readonly string[] {
  return (["self-service", "ended", "lacks-prerequisite"] as const).flatMap((why) => {
    const held = leftAlone.filter((each) => each.why === why);
    if (held.length === 0) return [];
    const shown = held
      .slice(0, SHOWN)
      .map(({ skuId, userIds }) => `${catalog.skuName(skuId)} (${counted(userIds.length, "user")})`);
    const more = held.length > SHOWN ? [counted(held.length - SHOWN, "more SKU")] : [];
    const [before, after] = WHY[why];
    return [`${before}: ${[...shown, ...more].join(", ")}. ${after}`];
  });
}

/** Licences with so few users that a group is more work than direct licences. */
export function fewLines(few: readonly LeftDirect[], catalog: Catalog): readonly string[] {
  if (few.length === 0) return [];
  const shown = few
    .slice(0, SHOWN)
    .map(({ license, userIds }) => `${formatLicenses([license], catalog)} (${counted(userIds.length, "user")})`);
  const more = few.length > SHOWN ? [counted(few.length - SHOWN, "more pattern")] : [];
  return [
    `Left alone, because few users hold them, and no group gives the same: ${[...shown, ...more].join(", ")}. They keep their direct licences; ` +
      "--every-variant makes groups for them, too.",
  ];
}

/** Why no group is proposed, in a few words. */
export const WHY_WORDS: Readonly<Record<LeftAlone["why"], string>> = {
  "self-service": "self-service, viral or a trial",
  ended: "the subscription has ended",
  "lacks-prerequisite": "a plan of it needs one that the holders lack",
};
