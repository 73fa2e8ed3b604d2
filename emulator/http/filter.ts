import { notSupported } from "../graph-error";

/** Syntax tree for the part of OData's `$filter` that licensing needs. Each resource evaluates it itself. */
export type Filter =
  | { readonly kind: "and"; readonly parts: readonly Filter[] }
  | { readonly kind: "or"; readonly parts: readonly Filter[] }
  | { readonly kind: "compare"; readonly property: string; readonly operator: Operator; readonly value: Literal }
  | { readonly kind: "in"; readonly property: string; readonly values: readonly Literal[] }
  | { readonly kind: "startsWith"; readonly property: string; readonly value: string }
  /** `collection/any(x:x/property eq value)`; `property` is empty if the elements are plain values. */
  | { readonly kind: "any"; readonly collection: string; readonly property: string; readonly value: Literal };

export type Operator = "eq" | "ne" | "ge" | "le" | "gt" | "lt";
export type Literal = string | number | boolean | null;

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

const operators: readonly string[] = ["eq", "ne", "ge", "le", "gt", "lt"];

export function parseFilter(text: string): Filter {
  const tokens = tokenize(text);
  let at = 0;

  const refuse = (): never => {
    throw notSupported(`$filter=${text}`);
  };
  const next = (): Token => tokens[at++] ?? refuse();
  const peek = (): string | undefined => (tokens[at]?.quoted === false ? tokens[at]?.text : undefined);
  const expect = (mark: string): void => {
    if (peek() !== mark) refuse();
    at++;
  };

  const joined = (word: "or" | "and", part: () => Filter): Filter => {
    const parts = [part()];
    while (peek() === word) {
      at++;
      parts.push(part());
    }
    return parts.length === 1 ? (parts[0] ?? refuse()) : { kind: word, parts };
  };
  const either = (): Filter => joined("or", () => joined("and", single));

  const single = (): Filter => {
    if (peek() === "(") {
      at++;
      const inner = either();
      expect(")");
      return inner;
    }
    const word = next();
    if (word.quoted) return refuse();
    if (peek() === "(") return call(word.text);
    const operator = next().text;
    if (operator === "in") return { kind: "in", property: word.text, values: literals() };
    if (!operators.includes(operator)) return refuse();
    return { kind: "compare", property: word.text, operator: operator as Operator, value: literal(next(), refuse) };
  };

  const call = (name: string): Filter => {
    expect("(");
    if (name === "startswith") {
      const property = next().text;
      expect(",");
      const value = next();
      expect(")");
      return { kind: "startsWith", property, value: value.text };
    }
    if (!name.endsWith("/any")) return refuse();
    const [variable = "", ...path] = splitLambda(next, refuse);
    expect("eq");
    const value = literal(next(), refuse);
    expect(")");
    if (path[0] !== variable) return refuse();
    return { kind: "any", collection: name.slice(0, -"/any".length), property: path.slice(1).join("/"), value };
  };

  const literals = (): Literal[] => {
    expect("(");
    const values = [literal(next(), refuse)];
    while (peek() === ",") {
      at++;
      values.push(literal(next(), refuse));
    }
    expect(")");
    return values;
  };

  const filter = either();
  if (at < tokens.length) refuse();
  return filter;
}

/** Parses `s:s/skuId` (variable, then path), also with a space after the colon. */
function splitLambda(next: () => Token, refuse: () => never): string[] {
  const head = next().text;
  const colon = head.indexOf(":");
  if (colon < 1) return refuse();
  const path = head.slice(colon + 1) || next().text;
  return [head.slice(0, colon), ...path.split("/")];
}

function literal(token: Token, refuse: () => never): Literal {
  if (token.quoted) return token.text;
  if (token.text === "true" || token.text === "false") return token.text === "true";
  if (token.text === "null") return null;
  if (/^-?\d+$/.test(token.text)) return Number(token.text);
  // GUIDs and times are unquoted in OData.
  if (/^[0-9a-fA-F-]{36}$|^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(token.text)) return token.text;
  return refuse();
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:'((?:[^']|'')*)'|([(),])|([^\s(),']+))/gy;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, string, mark, word] = match;
    tokens.push(
      string === undefined
        ? { text: mark ?? word ?? "", quoted: false }
        : { text: string.replaceAll("''", "'"), quoted: true },
    );
    end = match.index + whole.length;
  }
  if (text.slice(end).trim() !== "") throw notSupported(`$filter=${text}`);
  return tokens;
}
