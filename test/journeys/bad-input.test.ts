import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { EngineWords } from "./engine-words";
import { journeyOf, seedStackFile } from "./journey";
import { tenantOfTraps, twins } from "./tenant-of-traps";

/** No server listens there, no request for a free port gets it, and `fetch` does not refuse it by itself. */
const PORT_OF_NOBODY = 2;

const inTheFile = {
  "licensing:wave": [],
  "licensing:groups": {
    "all-users": { existing: "All users", licences: ["EMS"] },
    finance: { existing: 12, licenses: ["ENTERPRISEPACK"] },
  },
  "licensing:waves": [
    { name: "canary", count: "20" },
    { name: "canary", percent: 120 },
    { name: "nobody", percent: 0 },
  ],
  "licensing:applyThrough": "canery",
};

const inTheTenant = {
  "licensing:groups": {
    typo: { existing: "All user", licenses: ["EMSS", { sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER"] }] },
    twins: { existing: "Twins", licenses: ["EMS"] },
    newsletter: { existing: "Newsletter", licenses: ["EMS"] },
  },
};

const mistakesInTheFile = [
  'licensing unknown key "wave". Did you mean "waves"?',
  "licensing:groups.all-users.licenses is missing: must be a list of SKUs",
  'licensing:groups.all-users unknown key "licences". Did you mean "licenses"?',
  "licensing:groups.finance.existing must be a text",
  "licensing:waves[0].count must be a whole number of users",
  'licensing:waves[1].name there is another wave "canary": give each a name of its own',
  "licensing:waves[1].percent must be more than 0 and at most 100",
  "licensing:waves[2].percent must be more than 0 and at most 100",
  'licensing:applyThrough "canery" is no wave: the waves are canary, nobody. Did you mean "canary"?',
];

const mistakesInTheTenant = [
  'licensing:groups.typo.existing the tenant has no group "All user". Write its display name exactly',
  'licensing:groups.typo.licenses[0] the tenant has no SKU "EMSS". Did you mean "EMS"?',
  'licensing:groups.typo.licenses[1] ENTERPRISEPACK has no service plan "YAMMER". Did you mean "YAMMER_ENTERPRISE"?',
  `licensing:groups.twins.existing 2 groups are called "Twins": write the object id of one of them: ${twins.join(", ")}`,
  'licensing:groups.newsletter.existing "Newsletter" is not security-enabled',
];

/** Every refusal here is checked by the journey itself too: no write, a failed run, no stack trace. */
describe("journey: bad input is refused before any write, with the way out", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: tenantOfTraps() }), seedStackFile);
  const as = (app: string) => ({ environment: journey.emulator.credentials(app) });

  describe("the stack file", () => {
    it("all its mistakes are named at once, by their path, with what is allowed", async () => {
      assertNames(await journey.previewRefused(inTheFile), mistakesInTheFile);
    });

    it("an up without a preview refuses in the same words", async () => {
      assertNames(await journey.upRefused(inTheFile), mistakesInTheFile);
    });

    it("groups, SKUs and plans that the tenant does not have so are named at once, with the nearest", async () => {
      assertNames(await journey.previewRefused(inTheTenant), mistakesInTheTenant);
    });

    it("an up without a preview refuses these too", async () => {
      assertNames(await journey.upRefused(inTheTenant), mistakesInTheTenant);
    });

    it("so are users and groups that a wave takes", async () => {
      const waves = [
        { name: "canary", users: ["megan@contoso.com", "nobody@contoso.com"] },
        { name: "twins", group: "Twins" },
      ];
      assertNames(await journey.previewRefused({ "licensing:waves": waves }), [
        'licensing:waves[0].users[1] the tenant has no user "nobody@contoso.com". Write a user principal name or an',
        `licensing:waves[1].group 2 groups are called "Twins": write the object id of one of them: ${twins.join(", ")}`,
      ]);
    });
  });

  describe("the credentials", () => {
    it("missing: the ways to sign in are listed, soon", async () => {
      const azure = await virtualMachineWithoutIdentity();
      try {
        const environment = withoutCredentials(journey.stack.folder, azure.url);
        assertNames(await journey.previewRefused({}, { environment }), [
          "Sign-in failed: No credentials were found on this machine. Set AZURE_TENANT_ID, AZURE_CLIENT_ID and",
          "workload identity federation or a managed identity, or run `az login`",
        ]);
      } finally {
        azure.close();
      }
    });

    it("refused: the code of Entra, and what to look at", async () => {
      const environment = { AZURE_CLIENT_SECRET: "out of date" };
      assertNames(await journey.previewRefused({}, { environment }), [
        "Sign-in failed: AADSTS7000215: Invalid client secret provided. Check the tenant id, the client id and the secret",
      ]);
    });

    it("for another tenant: both are named", async () => {
      const { id } = journey.emulator.tenant;
      assertNames(await journey.previewRefused({ "licensing:tenant": "fabrikam.com" }), [
        `the credentials reach Contoso (${id}), but licensing:tenant is fabrikam.com`,
        "Sign in to the right tenant (AZURE_TENANT_ID, az login --tenant …), or correct licensing:tenant",
      ]);
    });

    for (const [permission, doing] of [
      ["User.Read.All", "read users and their licences"],
      ["GroupMember.Read.All", "read groups and their licences"],
      ["LicenseAssignment.Read.All", "read the tenant's SKUs and seats"],
    ] as const) {
      it(`without ${permission}: it is named`, async () => {
        assertNames(await journey.previewRefused({}, as(`without ${permission}`)), [
          `The credentials may not ${doing} (403). Grant the application permission ${permission} with admin consent`,
        ]);
      });
    }

    it("that may only read are enough for a preview", () => journey.preview(as("read only")));

    it("that may only read: an up changes nothing, and names the permission", async () => {
      const { requests, tenant } = journey.emulator;
      const said = await journey.upHalted(as("read only"));
      assertNames(said, [
        "The credentials may not assign licences to groups (403). Grant the application permission " +
          "LicenseAssignment.ReadWrite.All with admin consent",
      ]);
      assert(requests.writes().every(({ status }) => status === 403));
      assert(tenant.groups().every(({ licenses }) => licenses.length === 0));
    });
  });

  describe("the cloud", () => {
    it("a host that does not answer is named", async () => {
      const nobody = `https://localhost:${PORT_OF_NOBODY}`;
      assertNames(await journey.previewRefused({ "licensing:cloud": { graph: nobody, authority: nobody } }), [
        `${new URL(nobody).host} cannot be reached: `,
        "Check the host and port in licensing:cloud, and that the service runs",
      ]);
    });

    it("a certificate that is not trusted is said to be so, and how to trust it", async () => {
      const environment = { NODE_EXTRA_CA_CERTS: undefined };
      assertNames(await journey.previewRefused({}, { environment }), [
        `${new URL(journey.emulator.url).host} cannot be reached: self-signed certificate`,
        "point NODE_EXTRA_CA_CERTS at the certificate of its authority",
      ]);
    });
  });

  describe("and after all that", () => {
    it("the mended stack file and the right credentials go through", async () => {
      assert.match((await journey.preview()).text, /assign EMS to 10 members/);
    });
  });
});

function assertNames(said: EngineWords, expected: readonly string[]): void {
  for (const words of expected) assert(said.text.includes(words), `${words}\nis not in\n${said.text}`);
}

/** Nothing to sign in with: no variables, no profile of a tool, and no managed identity. */
function withoutCredentials(home: string, metadataUrl: string): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => /^(AZURE|IDENTITY|MSI)_/.test(name));
  const credentials = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TOKEN_CREDENTIALS"];
  return {
    ...Object.fromEntries([...names, ...credentials].map((name) => [name, undefined])),
    HOME: home,
    USERPROFILE: home,
    AZURE_CONFIG_DIR: home,
    AZURE_POD_IDENTITY_AUTHORITY_HOST: metadataUrl,
  };
}

/** The answer of a machine in Azure without an identity, on any machine. */
async function virtualMachineWithoutIdentity(): Promise<{ readonly url: string; close(): void }> {
  const body = JSON.stringify({ error: "invalid_request", error_description: "Identity not found" });
  const server = createServer((_, response) => response.writeHead(400).end(body));
  return { url: `http://127.0.0.1:${await listening(server)}`, close: () => server.close() };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  assert(address !== null && typeof address === "object");
  return address.port;
}
