// The embedded Graph of a whole migration has no quota, so what the engine starts must not keep to one: ten thousand users would take as
// many minutes as in a real tenant. Loaded in front of the program and the providers, which are as they always are.
import { QUOTAS } from "../../../graph/pacing/quotas";
import { WITHOUT_QUOTA } from "../quotas";

Object.assign(QUOTAS, WITHOUT_QUOTA);
