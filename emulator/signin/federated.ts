import { createVerify } from "node:crypto";
import type { App } from "../directory/entities";

interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly exp: number;
}

/** Why a federated token is refused, with Entra's message and error code; `null` if it is accepted. */
export function whyRefused(
  assertion: string,
  { federated }: App,
  now: Date,
): { readonly code: number; readonly message: string } | null {
  const [head = "", payload = "", signature = ""] = assertion.split(".");
  const claims = parse(payload);
  if (claims === null) {
    return { code: 50027, message: "JWT token is invalid or malformed." };
  }
  const matching = federated.find(
    ({ issuer, subject, audience }) => issuer === claims.iss && subject === claims.sub && audience === claims.aud,
  );
  if (matching === undefined) {
    return {
      code: 700213,
      message:
        `No matching federated identity record found for presented assertion subject '${claims.sub}'. Check your ` +
        "federated identity credential Subject, Audience and Issuer against the presented assertion.",
    };
  }
  if (!createVerify("RSA-SHA256").update(`${head}.${payload}`).verify(matching.key, signature, "base64url")) {
    return { code: 700027, message: "The certificate with identifier used to sign the client assertion is not known." };
  }
  return claims.exp * 1000 <= now.getTime()
    ? { code: 700024, message: "Client assertion is not within its valid time range." }
    : null;
}

function parse(payload: string): Claims | null {
  try {
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
  } catch {
    return null;
  }
}
