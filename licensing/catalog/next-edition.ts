/** `FORMS_PLAN_E3`: the name without its number, and the number. */
const EDITION = /^(.*\D)(\d+)$/;

/**
 * The plan with the same name and the next higher number, such as `FORMS_PLAN_E5` for `FORMS_PLAN_E3`. Microsoft names most
 * editions of a service like this and has no page that lists them, so the result is a proposal for a person.
 *
 * @param names the service plans to choose from
 */
export function nextEdition(name: string, names: readonly string[]): string | null {
  const own = editionOf(name);
  if (own === null) return null;
  const higher = names
    .map((each) => ({ name: each, edition: editionOf(each) }))
    .filter(({ edition }) => edition?.service === own.service && edition.number > own.number)
    .sort((a, b) => (a.edition?.number ?? 0) - (b.edition?.number ?? 0));
  return higher[0]?.name ?? null;
}

function editionOf(name: string): { readonly service: string; readonly number: number } | null {
  const [, service, number] = EDITION.exec(name) ?? [];
  return service === undefined || number === undefined ? null : { service, number: Number(number) };
}
