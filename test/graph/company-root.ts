import { generate } from "selfsigned";

import { HOST_BEHIND_PROXY } from "./connect-proxy";

/** The root certificate of a company, and one of a server that it vouches for. */
export async function companyCertificates() {
  const root = await generate([{ name: "commonName", value: "Company Root" }], {
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: "commonName", value: HOST_BEHIND_PROXY }], {
    ca: { key: root.private, cert: root.cert },
    extensions: [
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: HOST_BEHIND_PROXY },
          { type: 2, value: "localhost" },
        ],
      },
    ],
  });
  return { root: root.cert, server };
}
