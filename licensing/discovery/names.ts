import type { Catalog } from "../catalog/catalog";
import type { Guid, License } from "../model";
import { formatLicenses } from "../license-patterns";

const LONGEST_LOGICAL_NAME = 40;

/** Ours: a display name may have 256 characters, and a list in a portal shows about so many. */
const LONGEST_DISPLAY_NAME = 100;

/** Above this the plans are counted: the group's name is no place for a list. */
const NAMED_PLANS = 3;

/** Gives each group a name that no other has, from words in any language. */
export class Names {
  readonly #logical = new Set<string>();
  readonly #display: Set<string>;

  /** @param displayNames that groups of the tenant have: a second group of the same name would be refused */
  constructor(displayNames: Iterable<string> = []) {
    this.#display = new Set([...displayNames].map((name) => name.toLowerCase()));
  }

  /** `Finance department` → `finance-department`; a second one `finance-department-2`; no letter of ours at all: `group`. */
  logical(words: string): string {
    const plain = words
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^[^a-z]+/, "");
    return this.#unique(plain === "" ? "group" : plain, "-", LONGEST_LOGICAL_NAME, this.#logical);
  }

  /** `LIC Office 365 E3 without YAMMER_ENTERPRISE`. */
  display(licenses: readonly License[], catalog: Catalog): string {
    const [first, ...more] = licenses;
    const what =
      first === undefined || more.length > 0 ? formatTogether(licenses, catalog) : formatShort(first, catalog);
    const words = `LIC ${what}`;
    return this.#unique(words, " ", LONGEST_DISPLAY_NAME, this.#display);
  }

  #unique(words: string, separator: "-" | " ", longest: number, taken: Set<string>): string {
    for (let number = 1; ; number += 1) {
      const suffix = number === 1 ? "" : `${separator}${number}`;
      const stem = words.slice(0, longest - suffix.length).replace(/[- ]+$/, "");
      const name = `${stem}${suffix}`;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  }
}

function formatShort(license: License, catalog: Catalog): string {
  const part = catalog.skuName(license.skuId);
  const off = license.disabledPlans.length;
  const words = off > NAMED_PLANS ? `${part} without ${off} plans` : formatLicenses([license], catalog);
  return words.replace(part, catalog.product(license.skuId));
}

/** The logical name of a group that is made goes by the part number where it has one SKU: short, and the same in every language. */
export function formatName(licenses: readonly License[], catalog: Catalog): string {
  const [first, ...more] = licenses;
  if (first === undefined) return "group";
  if (more.length > 0) return formatTogether(licenses, catalog);
  const off = first.disabledPlans.length;
  return off > 1 ? `${catalog.skuName(first.skuId)} without ${off} plans` : formatLicenses([first], catalog);
}

/** A base before its add-ons: by the number of plans. */
export function largestFirst(licenses: readonly License[], catalog: Catalog): readonly License[] {
  const plans = new Map(catalog.skus.map(({ id, servicePlans }) => [id, servicePlans.length]));
  return [...licenses].sort((a, b) => (plans.get(b.skuId) ?? 0) - (plans.get(a.skuId) ?? 0));
}

/** `E3 + Teams Phone`: as people say it, the largest product in front. */
function formatTogether(licenses: readonly License[], catalog: Catalog): string {
  return largestFirst(licenses, catalog)
    .map(({ skuId, disabledPlans }) => {
      const off = disabledPlans.length;
      const without =
        off === 0 ? "" : off === 1 ? ` without ${catalog.planName(disabledPlans[0] ?? "")}` : ` without ${off} plans`;
      return `${saidShort(skuId, catalog)}${without}`;
    })
    .join(" + ");
}

/** Without the words that all products begin with, where no other SKU of the tenant is then called the same. */
function saidShort(skuId: Guid, catalog: Catalog): string {
  const short = shortened(catalog.product(skuId));
  const alike = catalog.skus.filter(({ id }) => shortened(catalog.product(id)) === short);
  return alike.length > 1 ? catalog.product(skuId) : short;
}

function shortened(product: string): string {
  return product
    .replace(/^Enterprise Mobility \+ Security/, "EMS")
    .replace(/^(Microsoft 365|Office 365|Microsoft) /, "")
    .replace(/^(Teams Phone) Standard/, "$1")
    .replace(/ Introductory Pricing$/, "");
}
