import tls from "node:tls";

/**
 * Makes this process trust a certificate, for as long as it runs; returns the way back. In production that is the job of
 * NODE_EXTRA_CA_CERTS, which is read when a process starts, and so comes too early for a certificate that a test has made.
 */
export function trustCertificate(pem: string): () => void {
  const create = tls.createSecureContext;
  tls.createSecureContext = (options) => {
    const secure = create(options);
    (secure.context as { addCACert(pem: string): void }).addCACert(pem);
    return secure;
  };
  return () => {
    tls.createSecureContext = create;
  };
}
