import type { Engine } from "../../cli/engine/record.mjs";

/** Why a source has no engine on this machine, and what a person can do about it. */
export interface Refusal {
  readonly why: string;
  readonly remedy: string;
}

/** One way to an engine. It either has one or says why not; only a fault of ours throws. */
export interface EngineSource {
  readonly name: string;
  readonly get: () => Promise<Engine | Refusal>;
}

/** The first engine that a source has, in their order; with none, one error that names every way. */
export async function chooseEngine(sources: readonly EngineSource[]): Promise<Engine> {
  const refusals: string[] = [];
  for (const { name, get } of sources) {
    const answer = await get();
    if (!("why" in answer)) return answer;
    refusals.push(`  ${refusals.length + 1}. ${name}: ${answer.why}\n     → ${answer.remedy}`);
  }
  throw new Error(
    `There is no Pulumi engine. Each way to one failed on this machine; any one of them is enough:\n\n` +
      `${refusals.join("\n\n")}\n\nThen run \`npm run setup\` again.`,
  );
}
