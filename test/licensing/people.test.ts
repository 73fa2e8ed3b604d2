import assert from "node:assert/strict";
import { byName, firstOf, usersShown } from "../../licensing/people";
import { user, userId } from "./builders";

describe("users in a line", () => {
  const seven = ["a", "b", "c", "d", "e", "f", "g"].map(userId);
  const sorted = [...seven].sort();

  it("are the first five by id, in any order and without duplicates, and how many more", () => {
    assert.deepEqual(firstOf([...seven, ...seven].reverse()), sorted.slice(0, 5));
    assert.equal(usersShown([...seven, ...seven]), `${sorted.slice(0, 5).join(", ")} and 2 more`);
    assert.equal(usersShown(seven.slice(0, 1)), userId("a"));
  });

  it("go by id, and by name beside it where names are known", () => {
    const nameless = user("b", [], { displayName: null, userPrincipalName: null });
    const people = byName(new Map([user("a"), nameless].map((each) => [each.id, each])));
    assert.equal(people(userId("a")), `${userId("a")} (a, a@contoso.com)`);
    assert.equal(people(userId("b")), userId("b"));
    assert.equal(people(userId("nobody")), userId("nobody"));
  });
});
