import { QUOTAS, type Quota, type Quotas } from "../../graph/pacing/quotas";

/** The quotas as our pacer is to know them: Graph's, with time that runs so many times as fast, as it does in the Graph that it speaks to. */
export function fasterQuotas(speedUp: number): Quotas {
  return eachQuota(({ amount, windowMs }) => ({ amount, windowMs: windowMs / speedUp }));
}

/** For a Graph without quotas: more than any client can send. */
export const WITHOUT_QUOTA: Quotas = eachQuota(({ windowMs }) => ({ amount: 1e12, windowMs }));

function eachQuota(change: (quota: Quota) => Quota): Quotas {
  const { writes, audits, units } = QUOTAS;
  return {
    writes: change(writes),
    audits: change(audits),
    units: units.map((quota) => ({ ...quota, ...change(quota) })),
  };
}
