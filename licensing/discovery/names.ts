import type { Catalog } from "../catalog/catalog";
import type { Guid, License } from "../model";
import { formatLicenses } from "../license-patterns";

const LONGEST_LOGICAL_NAME = 40;

/** Our choice: display names may have 256 characters, but lists in the portal show about this many. */
const LONGEST_DISPLAY_NAME = 100;

/** With more disabled plans, the name shows only their number. */
const NAMED_PLANS = 3;

/** Creates a unique name for each group, from words in any language. */
export class Names {
  readonly #logical = new Set<string>();
  readonly #display: Set<string>;

  /** @param displayNames names of the tenant's groups, which must not be used again */
  constructor(displayNames: Iterable<string> = []) {
    this.#display = new Set([...displayNames].map((name) => name.toLowerCase()));
  }

  /**
   * `Finance department` → `finance-department`; a second one `finance-department-2`; without Latin letters
   * `group`.
   */
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
    const words = `LIC ${fitting(what, LONGEST_DISPLAY_NAME - "LIC ".length)}`;
    return this.#unique(words, " ", LONGEST_DISPLAY_NAME, this.#display);
  }

  #unique(words: string, separator: "-" | " ", longest: number, taken: Set<string>): string {
    for (let number = 1; ; number += 1) {
      const suffix = number === 1 ? "" : `${separator}${number}`;
      const stem = cutBetweenWords(words, longest - suffix.length);
      const name = `${stem}${suffix}`;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  }
}

function cutBetweenWords(words: string, longest: number): string {
  const cut = words.length > longest ? words.slice(0, longest + 1).replace(/[- ][^- ]*$/, "") : words;
  return cut.slice(0, longest).replace(/[- ]+$/, "");
}

/** Leaves out the last products of a list that is too long: `E3 + Teams Phone + 2 more`. */
function fitting(products: string, longest: number): string {
  const all = products.split(" + ");
  for (let kept = all.length; kept > 1; kept -= 1) {
    const words = [...all.slice(0, kept), ...(kept < all.length ? [`${all.length - kept} more`] : [])].join(" + ");
    if (words.length <= longest) return words;
  }
  return products;
}

function formatShort(license: License, catalog: Catalog): string {
  const part = catalog.skuName(license.skuId);
  const off = license.disabledPlans.length;
  const words = off > NAMED_PLANS ? `${part} without ${off} plans` : formatLicenses([license], catalog);
  return words.replace(part, catalog.product(license.skuId));
}

/**
 * Words for the logical name of a new group. With one SKU it uses the part number, which is short and the same in
 * every language.
 */
export function formatName(licenses: readonly License[], catalog: Catalog): string {
  const [first, ...more] = licenses;
  if (first === undefined) return "group";
  if (more.length > 0) return formatTogether(licenses, catalog);
  const off = first.disabledPlans.length;
  return off > 1 ? `${catalog.skuName(first.skuId)} without ${off} plans` : formatLicenses([first], catalog);
}

/** Sorts by number of plans, so that a base comes before its add-ons. */
export function largestFirst(licenses: readonly License[], catalog: Catalog): readonly License[] {
  const plans = new Map(catalog.skus.map(({ id, servicePlans }) => [id, servicePlans.length]));
  return [...licenses].sort((a, b) => (plans.get(b.skuId) ?? 0) - (plans.get(a.skuId) ?? 0));
}

/** `E3 + Teams Phone`: short product names, the largest first. */
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

/** The product name without common prefixes, unless two SKUs of the tenant would then have the same name. */
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
