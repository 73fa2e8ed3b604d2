import { describeProxy, proxyOf } from "../../graph/client/proxy";
import { fail, pass, type Check } from "./check";

/** Reports the proxy for sign-in and Graph. Without a proxy there is nothing to report. */
export function networkChecks(env: NodeJS.ProcessEnv): readonly Check[] {
  try {
    const proxy = proxyOf(env);
    return proxy === null ? [] : [pass(`network: HTTPS goes through ${describeProxy(proxy)}`)];
  } catch (error) {
    return [fail(`network: ${(error as Error).message}`, "export HTTPS_PROXY=http://proxy.example.com:8080")];
  }
}
