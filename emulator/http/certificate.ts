import { generate } from "selfsigned";

export interface Certificate {
  readonly key: string;
  /** What the server shows, and what clients trust. */
  readonly cert: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * A certificate for this machine, good for ten days. It vouches for itself alone and can sign no other; an authority of
 * its own would need key identifiers, which the library does not write and strict clients (Python 3.13) demand.
 */
export async function makeCertificate(): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    notBeforeDate: new Date(Date.now() - dayMs),
    notAfterDate: new Date(Date.now() + 10 * dayMs),
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { key, cert };
}
