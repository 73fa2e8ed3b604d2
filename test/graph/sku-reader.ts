import { GraphError } from "../../graph/client/failure";
import { connectForReading } from "../../graph/tenant-graph";

/** A program of its own: `sku-reader.ts HOST TENANT` signs in, reads the SKUs and prints what came of it as JSON. */
const [host = "", tenant = ""] = process.argv.slice(2);
const graph = connectForReading({ cloud: { graph: host, authority: host }, tenant });
void graph
  .subscribedSkus()
  .then(
    (skus) => ({ skus: skus.length }),
    (error: unknown) => (error instanceof GraphError ? error.failure : { bug: String(error) }),
  )
  .then((result) => process.stdout.write(JSON.stringify(result)));
