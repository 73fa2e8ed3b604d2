import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { configTexts } from "../../licensing/stack-file/config-texts";
import { readStackFile } from "../../licensing/stack-file/reading";
import { usersInFile } from "../../licensing/stack-file/users-file";

const ID = "6e146c2a-bda5-4ee8-8347-14e6e940058d";

const mistakesIn = (text: string) =>
  usersInFile(text, "wave1.csv").mistakes.map(({ path, message }) => `${path} ${message}`);

describe("a file of users", () => {
  for (const [name, text, users] of [
    ["by id", `id\n${ID}\n`, [ID]],
    [
      "by user principal name, in any case of the header",
      "UserPrincipalName\nmegan@contoso.com\n",
      ["megan@contoso.com"],
    ],
    ["with other columns, quotes, and a comma in a name", `displayName,id,x\n"Bowen, Megan",${ID},1\n`, [ID]],
    [
      "of a spreadsheet: with a mark, semicolons and CRLF",
      `\ufeffid;userPrincipalName\r\n;megan@contoso.com\r\n`,
      ["megan@contoso.com"],
    ],
    [
      "with tabs, and empty lines at its end",
      "name\tuserPrincipalName\nMegan\tmegan@contoso.com\n\t\n\n",
      ["megan@contoso.com"],
    ],
    [
      "with id and name: the id counts",
      `userPrincipalName,id\nmegan@contoso.com,${ID}\nalex@contoso.com,\n`,
      [ID, "alex@contoso.com"],
    ],
  ] as const) {
    it(`is read ${name}`, () => {
      const found = usersInFile(text, "wave1.csv");
      assert.deepEqual([found.users, found.mistakes], [users, []]);
      assert.equal(found.places.length, users.length);
    });
  }

  it("has each mistake named by its line", () => {
    const text = `id,userPrincipalName\n${ID},\n17,\n,megan\n,alex@contoso.com\n"","x, ""y"""\n,ALEX@contoso.com\n`;
    assert.deepEqual(mistakesIn(text), [
      'wave1.csv line 3 "17" in the column id is no object id',
      'wave1.csv line 4 "megan" is no user principal name',
      'wave1.csv line 6 "x, "y"" is no user principal name',
      'wave1.csv line 7 names "ALEX@contoso.com" again, after line 5',
    ]);
  });

  it("needs a header, a user, and whole quotes", () => {
    assert.deepEqual(mistakesIn("megan@contoso.com\nalex@contoso.com\n"), [
      'wave1.csv line 1 must be a header with a column "id" or "userPrincipalName"',
    ]);
    assert.deepEqual(mistakesIn("id\n"), ["wave1.csv line 1 is not followed by any user"]);
    assert.match(mistakesIn('id\n"6e146c2a\n')[0] ?? "", /^wave1\.csv line \d+ is no CSV: /);
    assert.equal(mistakesIn("").length, 1);
  });
});

describe("a wave with a file of users", () => {
  const config = (file: string) =>
    configTexts({
      "licensing:tenant": "contoso.com",
      "licensing:groups": { "all-users": { existing: "All users", licenses: ["EMS"] } },
      "licensing:waves": [
        { name: "canary", users: { file } },
        { name: "everyone", percent: 100 },
      ],
    });
  const files: Readonly<Record<string, string>> = { "wave1.csv": `id\n${ID}\n`, "bad.csv": "id\n17\n" };
  const read = (file: string) => readStackFile(config(file), (name) => files[name] ?? null);

  it("takes the users of the file, and knows their lines", () => {
    const reading = read("wave1.csv");
    assert.ok(reading.ok, JSON.stringify(reading));
    assert.deepEqual(reading.stackFile.waves[0]?.takes, { kind: "users", users: [ID], places: ["wave1.csv line 2"] });
  });

  it("is refused with the mistakes of the file, and where there is no such file", () => {
    for (const [file, path] of [
      ["bad.csv", "bad.csv line 2"],
      ["none.csv", "licensing:waves[0].users.file"],
    ] as const) {
      const reading = read(file);
      assert.ok(!reading.ok);
      assert.deepEqual(
        reading.mistakes.map((each) => each.path),
        [path],
      );
    }
  });
});
