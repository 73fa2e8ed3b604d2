import { generate, type CertificateField } from "selfsigned";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** What clients trust: the authority that signed it, made for this one certificate and then forgotten. */
  readonly ca: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** A certificate for this machine, good for ten days, with an authority of its own. */
export async function makeCertificate(): Promise<Certificate> {
  const validity = { notBeforeDate: new Date(Date.now() - dayMs), notAfterDate: new Date(Date.now() + 10 * dayMs) };
  const common = { ...validity, keyType: "ec" as const, algorithm: "sha256" };
  const authority = await generate(name("Embedded Graph authority"), {
    ...common,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate(name("localhost"), {
    ...common,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
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
  return { key: server.private, cert: server.cert, ca: authority.cert };
}

const name = (value: string): CertificateField[] => [{ name: "commonName", value }];
