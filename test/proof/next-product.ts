/** A plan that is not among these: the successor of the first of them. */
export function lackedBy(plans: readonly number[]): number {
  return [0, 1, 2, 3, 4, 5, 6].find((plan) => !plans.includes(plan)) ?? 0;
}

/**
 * The plans of the product that takes another one's place, by how it differs.
 *
 * @param more plans of the new product alone
 * @param by stands for the first plan where that has a successor, or is excluded
 */
export function nextProducts(plans: readonly number[], more: readonly number[], by = lackedBy(plans)) {
  const [, ...others] = plans;
  const left = more.filter((plan) => !plans.includes(plan));
  const instead = [by, ...others, ...left.filter((plan) => plan !== by)];
  return {
    "the same": plans,
    more: [...plans, ...left],
    less: [...others, ...left],
    "a successor": instead,
    "what excludes it": instead,
  };
}
