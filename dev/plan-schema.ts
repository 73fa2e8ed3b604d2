// npm run plan:schema: writes docs/plan.schema.json anew from the one definition of plan.json.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { planJsonSchema } from "../licensing/plan-document/json-schema";

const file = join(__dirname, "..", "docs", "plan.schema.json");
writeFileSync(file, `${JSON.stringify(planJsonSchema(), null, 2)}\n`);
