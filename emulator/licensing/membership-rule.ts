import type { User } from "../directory/entities";
import { badRequest, notSupported } from "../graph-error";

/** True for users that match a membership rule. */
export type RulePredicate = (user: User) => boolean;

type Value = string | boolean | null;

/** The user properties that rules may use in the embedded Graph. */
const properties: Readonly<Record<string, (user: User) => Value>> = {
  accountEnabled: (user) => user.accountEnabled,
  displayName: (user) => user.displayName,
  userPrincipalName: (user) => user.userPrincipalName,
  usageLocation: (user) => user.usageLocation,
  ...Object.fromEntries(
    ["department", "companyName", "country", "city", "jobTitle", "employeeId", "userType"].map((name) => [
      name,
      (user: User) => user.profile[name] ?? (name === "userType" ? "Member" : null),
    ]),
  ),
};

/**
 * Parses a membership rule: `user.PROPERTY` with `-eq`, `-ne`, `-in`, `-notIn` or `-startsWith`, joined by `-and` and `-or`, with
 * parentheses; `-and` binds more tightly. Other syntax is refused by name.
 */
export function parseRule(rule: string): RulePredicate {
  const tokens = [...rule.matchAll(/"[^"]*"|[()[\],]|[^\s()[\],"]+/g)].map(([token]) => token);
  let at = 0;
  const peek = () => tokens[at]?.toLowerCase();
  const next = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw badRequest("Invalid membership rule: it ends too early.");
    return token;
  };
  const expect = (mark: string): void => {
    if (next() !== mark) throw badRequest(`Invalid membership rule: '${mark}' expected.`);
  };

  const joined = (word: string, part: () => RulePredicate, join: (parts: RulePredicate[]) => RulePredicate) => {
    const parts = [part()];
    while (peek() === word) {
      at += 1;
      parts.push(part());
    }
    return join(parts);
  };
  const either = (): RulePredicate => joined("-or", both, (parts) => (user) => parts.some((is) => is(user)));
  const both = (): RulePredicate => joined("-and", single, (parts) => (user) => parts.every((is) => is(user)));

  const single = (): RulePredicate => {
    if (peek() === "(") {
      at += 1;
      const inner = either();
      expect(")");
      return inner;
    }
    const name = next();
    const get = name.startsWith("user.") ? properties[name.slice("user.".length)] : undefined;
    if (get === undefined) throw notSupported(`'${name}' in a membership rule`);
    return comparison(get, next());
  };

  const comparison = (get: (user: User) => Value, operator: string): RulePredicate => {
    switch (operator.toLowerCase()) {
      case "-eq":
        return equal(get, [value(next())]);
      case "-ne":
        return not(equal(get, [value(next())]));
      case "-in":
        return equal(get, list());
      case "-notin":
        return not(equal(get, list()));
      case "-startswith": {
        const start = String(value(next())).toLowerCase();
        return (user) =>
          String(get(user) ?? "")
            .toLowerCase()
            .startsWith(start);
      }
      default:
        throw notSupported(`operator '${operator}' in a membership rule`);
    }
  };

  const list = (): Value[] => {
    expect("[");
    const values = [value(next())];
    while (peek() === ",") {
      at += 1;
      values.push(value(next()));
    }
    expect("]");
    return values;
  };

  const predicate = either();
  if (at < tokens.length) throw notSupported(`'${tokens[at] ?? ""}' in a membership rule`);
  return predicate;
}

/** Entra compares strings without case. */
function equal(get: (user: User) => Value, wanted: readonly Value[]): RulePredicate {
  const fold = (value: Value) => (typeof value === "string" ? value.toLowerCase() : value);
  const all = new Set(wanted.map(fold));
  return (user) => all.has(fold(get(user)));
}

function not(predicate: RulePredicate): RulePredicate {
  return (user) => !predicate(user);
}

function value(token: string): Value {
  if (token.startsWith('"')) return token.slice(1, -1);
  if (token === "true" || token === "false") return token === "true";
  if (token === "null" || token === "$null") return null;
  throw notSupported(`the value ${token} in a membership rule`);
}
