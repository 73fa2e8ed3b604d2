import assert from "node:assert/strict";
import { EMS, VISIOCLIENT } from "../../emulator/tenants/products";
import { azureadPlugin } from "./azuread/plugin";
import { discovered } from "./discovered";
import { journeyOf } from "./journey";

const upn = (number: number) => `user${number}@contoso.com`;
const USERS = 20;
const WITH_VISIO = 6;

describe("journey: from a tenant as it is to a first preview", function () {
  this.timeout(120_000);

  const people = Array.from({ length: USERS }, (_, number) => upn(number));
  const journey = journeyOf(
    () => ({
      tenant: {
        skus: [
          { ...EMS, seats: USERS },
          { ...VISIOCLIENT, seats: USERS },
        ],
        users: people.map((userPrincipalName, number) => ({
          userPrincipalName,
          licenses: [{ sku: "EMS" }, ...(number < WITH_VISIO ? [{ sku: "VISIOCLIENT" }] : [])],
        })),
        groups: [{ displayName: "Staff", members: people }],
      },
    }),
    {},
    azureadPlugin,
  );

  it("what discover writes previews at once: a group that is there, and one to make", async () => {
    const { emulator } = journey;
    journey.edit(await discovered(journey, "--owner", upn(0)));
    const said = await journey.preview();
    assert.match(said.text, /assign EMS to 20 members/);
    assert.match(said.text, /assign VISIOCLIENT to 6 members, 6 of them new/);
    assert.match(said.text, /not now: licensing:applyThrough is not set/);
    assert.equal(emulator.requests.writes().length, 0);
  });
});
