// npm run dev:schemas: writes the JSON Schemas in docs/ anew, each from its one definition in zod.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { planJsonSchema } from "../licensing/plan-document/json-schema";
import { stackFileJsonSchema } from "../licensing/stack-file/json-schema";

const docs = join(__dirname, "..", "docs");
const schemas = { "plan.schema.json": planJsonSchema(), "stack-file.schema.json": stackFileJsonSchema() };

async function main(): Promise<void> {
  for (const [name, schema] of Object.entries(schemas)) {
    const filepath = join(docs, name);
    writeFileSync(
      filepath,
      await format(JSON.stringify(schema, null, 2), { ...(await resolveConfig(filepath)), filepath }),
    );
  }
}

void main();
