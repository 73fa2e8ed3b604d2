import type { Case, UserCase } from "./case";
import { closeSkies, openEmulators, type Skies } from "./proof-rig";
import { tryCase } from "./trial";

const NOBODY: UserCase = {
  direct: [],
  memberOf: [],
  hidden: null,
  abroad: false,
  error: null,
  nowhere: false,
  restricted: false,
  ends: null,
  retired: false,
};

/** Holds a SKU directly and from nowhere; the group's licence fails where they live; people remove the direct licence in the run. */
const ONLY_FROM_NOWHERE: Case = {
  weather: "prompt",
  skus: [[1]],
  users: [
    { ...NOBODY, direct: [{ sku: 0, off: [] }], memberOf: [0], hidden: 0, abroad: true },
    { ...NOBODY, direct: [{ sku: 0, off: [] }] },
  ],
  groups: [{ declares: [{ sku: 0, off: [] }], replaces: [], gives: "declared" }],
  nested: [],
  statuses: [],
  seatsFree: [null],
  exclusive: null,
  successors: [],
  trial: null,
  acceptNoWayBack: false,
  waves: { canary: null, soakMs: 0 },
  usersPerUnit: 1,
  delays: [0],
  runs: [
    {
      minutesBefore: 16,
      rollback: false,
      happenings: [
        {
          at: "membership read",
          after: 0,
          what: { kind: "no direct", user: 0, license: { sku: 0, off: [] } },
          seconds: 0,
        },
      ],
      stopAfter: null,
      killAfter: null,
    },
  ],
};

/** Killed right after a removal in whose second people took the user out of one of two groups: the other gives only a part. */
const LEFT_ONE_OF_TWO: Case = {
  ...ONLY_FROM_NOWHERE,
  weather: "slow",
  skus: [
    [0, 1],
    [0, 1],
  ],
  users: [{ ...NOBODY, direct: [{ sku: 0, off: [] }], memberOf: [0, 1] }],
  groups: [
    { declares: [{ sku: 1, off: [] }], replaces: [{ sku: 0, by: 1 }], gives: "declared" },
    { declares: [{ sku: 0, off: [0] }], replaces: [], gives: "declared" },
  ],
  seatsFree: [null, null],
  runs: [
    {
      minutesBefore: 16,
      rollback: false,
      happenings: [
        { at: "user write", after: 0, what: { kind: "leave", user: 0, group: 0 }, isOfItsUser: true, seconds: 0 },
        {
          at: "user write",
          after: 0,
          what: { kind: "trouble", effect: "reset", retryAfter: 1, afterDoing: false, times: 10_000 },
          isOfItsUser: true,
          seconds: 0,
        },
        { at: "write", after: 0, what: { kind: "clock" }, seconds: 1 },
      ],
      stopAfter: null,
      killAfter: 3,
    },
  ],
};

/** What random cases found once, and a change of the generator would no longer find by the same seed. */
describe("no user loses a service: cases that were found", function () {
  this.timeout(120_000);
  let skies: Skies;

  before(async () => {
    skies = await openEmulators();
  });

  after(() => closeSkies(skies));

  it("a plan on record that is left from nowhere alone counts as lacking, to the program and to the oracle", async () => {
    const { owedAtTheEnd } = await tryCase(ONLY_FROM_NOWHERE, skies);
    if (owedAtTheEnd === 0) throw new Error("the case no longer comes to a debt that cannot be paid");
  });

  it("a member of one of two groups gets back what a killed run removed, where the other had given a plan of it", async () => {
    const { kills } = await tryCase(LEFT_ONE_OF_TWO, skies);
    if (kills === 0) throw new Error("the run is no longer killed");
  });
});
