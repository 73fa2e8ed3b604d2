import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { nextMessage, startChild } from "../child";
import type { GraphAddress, GraphAnswer, GraphFigures, GraphRequest, GraphWishes } from "./wishes";

/** The embedded Graph as the benchmark uses it: from another process. */
export class EmbeddedGraph {
  private constructor(
    private readonly child: ChildProcess,
    readonly address: GraphAddress,
  ) {}

  static async start(wishes: GraphWishes): Promise<EmbeddedGraph> {
    const child = startChild(join(__dirname, "serve.ts"), [], {});
    const answer = await ask(child, { do: "start", wishes });
    if (answer.is !== "listening") throw new Error(`the embedded Graph said ${answer.is}`);
    return new EmbeddedGraph(child, answer.address);
  }

  /** Figures are told from now on. */
  async begin(): Promise<void> {
    await ask(this.child, { do: "begin" });
  }

  async figures(): Promise<GraphFigures> {
    const answer = await ask(this.child, { do: "tell" });
    if (answer.is !== "figures") throw new Error(`the embedded Graph said ${answer.is}`);
    return answer.figures;
  }

  /** What a process needs to reach it and to sign in. */
  get environment(): NodeJS.ProcessEnv {
    return {
      ...this.address.credentials,
      AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
      NODE_EXTRA_CA_CERTS: this.address.caFile,
      NO_PROXY: "localhost",
      no_proxy: "localhost",
    };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.disconnect();
    await ended;
  }
}

async function ask(child: ChildProcess, request: GraphRequest): Promise<GraphAnswer> {
  const answer = nextMessage<GraphAnswer>(child, "the embedded Graph");
  child.send(request);
  return answer;
}
