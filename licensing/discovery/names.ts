import type { Catalog } from "../catalog";
import type { License } from "../model";
import { licenseWords } from "../plan-words";
import { PRODUCT_NAMES } from "../product-names";

const LONGEST_LOGICAL_NAME = 40;

/** Ours: a display name may have 256 characters, and a list in a portal shows about so many. */
const LONGEST_DISPLAY_NAME = 100;

/** Gives each group a name that no other has, from words in any language. */
export class Names {
  readonly #taken = new Set<string>();

  /** `Finance department` → `finance-department`; a second one `finance-department-2`; no letter or digit at all: `group`. */
  logical(words: string): string {
    const plain = words
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^[^a-z]+/, "");
    return this.#unique(
      (suffix) => `${plain.slice(0, LONGEST_LOGICAL_NAME - suffix.length)}${suffix}`,
      "-",
      (name) =>
        name.replace(/-+$/, "").replace(/-+(?=-\d+$)/, "") === ""
          ? "group"
          : name.replace(/-+$/, "").replace(/-+(?=-\d+$)/, ""),
    );
  }

  /** `LIC Office 365 E3 without YAMMER_ENTERPRISE`. */
  display(licenses: readonly License[], catalog: Catalog): string {
    const words = `LIC ${licenses.map((license) => shortWords(license, catalog)).join(" and ")}`;
    return this.#unique(
      (suffix) => `${words.slice(0, LONGEST_DISPLAY_NAME - suffix.length)}${suffix}`,
      " ",
      (name) => name,
    );
  }

  #unique(cut: (suffix: string) => string, separator: string, clean: (name: string) => string): string {
    for (let number = 1; ; number += 1) {
      const name = clean(cut(number === 1 ? "" : `${separator}${number}`));
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

function shortWords(license: License, catalog: Catalog): string {
  const part = catalog.skuName(license.skuId);
  const all = licenseWords([license], catalog);
  const words = license.disabledPlans.length > 3 ? `${part} without ${license.disabledPlans.length} plans` : all;
  return words.replace(part, PRODUCT_NAMES[part] ?? part);
}

/** The logical name of a group that is made goes by the part number: short, and the same in every language. */
export function nameWords(licenses: readonly License[], catalog: Catalog): string {
  const [first] = licenses;
  if (first === undefined) return "group";
  return first.disabledPlans.length > 1
    ? `${catalog.skuName(first.skuId)} without ${first.disabledPlans.length} plans`
    : licenseWords([first], catalog);
}
