import { contest } from "./result";
import { SampleClient } from "./sample-client";

/**
 * A script like Microsoft's sample "Remove direct licenses for users with group licenses": for each member a read, a comparison with
 * the group's licences, and a removal (https://learn.microsoft.com/entra/identity/users/licensing-ps-examples).
 * Arguments: the address of Graph, how many users at a time, how many of each group at most.
 */
const [url = "", atATime = "1", atMost = "Infinity"] = process.argv.slice(2);

interface Listed {
  readonly id: string;
}

interface Licensed {
  readonly assignedLicenses: readonly { readonly skuId: string }[];
}

interface Assigned {
  readonly licenseAssignmentStates: readonly { readonly skuId: string; readonly assignedByGroup: string | null }[];
}

async function removeDirectLicenses(): Promise<{ failed: number }> {
  const client = await SampleClient.signIn(url);
  let failed = 0;
  const { value: groups } = await client.get<{ value: (Listed & Licensed)[] }>(
    "/groups?$select=id,assignedLicenses&$top=999",
  );
  for (const group of groups) {
    const groupSkus = new Set(group.assignedLicenses.map(({ skuId }) => skuId));
    const members = await client.all<Listed>(`/groups/${group.id}/members?$select=id&$top=999`);
    const left = members.slice(0, Number(atMost)).values();
    await Promise.all(Array.from({ length: Number(atATime) }, () => worker(left, group.id, groupSkus)));
  }
  return { failed };

  async function worker(left: Iterator<Listed>, groupId: string, groupSkus: ReadonlySet<string>): Promise<void> {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      await moveUser(next.value.id, groupId, groupSkus).catch(() => (failed += 1));
    }
  }

  async function moveUser(userId: string, groupId: string, groupSkus: ReadonlySet<string>): Promise<void> {
    const { licenseAssignmentStates } = await client.get<Assigned>(`/users/${userId}?$select=licenseAssignmentStates`);
    const skusBy = (by: string | null) =>
      licenseAssignmentStates.filter(({ assignedByGroup }) => assignedByGroup === by).map(({ skuId }) => skuId);
    const inherited = new Set(skusBy(groupId));
    const removeLicenses = skusBy(null).filter((skuId) => groupSkus.has(skuId) && inherited.has(skuId));
    if (removeLicenses.length === 0) return;
    await client.post(`/users/${userId}/assignLicense`, { addLicenses: [], removeLicenses });
  }
}

void contest(removeDirectLicenses);
