import { randomUUID } from "node:crypto";
import { generate } from "selfsigned";

export interface Certificate {
  readonly key: string;
  /** The server's certificate, which clients must trust. */
  readonly cert: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Makes a self-signed certificate for this machine, valid for ten days. A certificate authority would need key identifiers,
 * which strict clients (Python 3.13) require and the library does not write.
 */
export async function makeCertificate(): Promise<Certificate> {
  const subject = [
    { name: "commonName", value: "localhost" },
    // A client that trusts the certificates of two emulators finds the right one by its subject.
    { name: "organizationName", value: `Embedded Graph ${randomUUID()}` },
  ];
  const { private: key, cert } = await generate(subject, {
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
