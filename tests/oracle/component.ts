/**
 * Asks Istio itself about what this component makes: random configurations become objects, and every caller calls every host, port and
 * address. Istio's verdict must be the intent's, and `explain`'s: `component.ts [--runs N] [--seed S]`. Exit code 1 if one is not.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { stringify } from "yaml";
import type { EgressConfig } from "../../graph";
import { explain } from "../../graph/explain/explain";
import { buildMesh } from "../../graph/mesh/mesh";
import { arbitraryConfig } from "../support/arbitraryConfig";
import type { Question } from "../support/questions";
import { compare, tellOracle } from "./compare";
import { componentMesh } from "./generate/component";
import { Oracle, type OracleAnswer } from "./oracle";

const { values: flags } = parseArgs({
  options: { runs: { type: "string", default: "60" }, seed: { type: "string", default: "1" } },
});

type Told = NonNullable<OracleAnswer["calls"]>[number];

/** What is wrong with Istio's answer, or nothing. */
function fault({ gateway, destination, address, tls }: Question, told: Told): string | undefined {
  if (gateway === undefined)
    return told.ways.every(({ outcome }) => outcome.kind === "blocked") ? undefined : tellOracle(told);
  // Without a list Envoy checks the name that it asked for.
  const names = tls?.serverNames?.length === 0 ? tls.sni : tls?.serverNames?.join();
  const wanted = [`gateway ${gateway} to ${destination}`, address, tls?.mode, tls?.sni, names];
  const { hops, outcome } = told.ways[0] as Told["ways"][number];
  const { sni, sans } = (hops.at(-1) ?? {}) as { sni?: string; sans?: string[] };
  const said = [tellOracle(told), address && outcome.address, outcome.tls, sni, sans?.join()];
  return wanted.join(" ") === said.join(" ") ? undefined : said.join(" ");
}

async function ask(oracle: Oracle, config: EgressConfig): Promise<{ asked: number; faults: string[] }> {
  const { manifests, meshConfig, calls, questions } = componentMesh(config);
  const answer = await oracle.ask({ manifests, meshConfig, calls });
  if (answer.error) return { asked: 0, faults: [answer.error] };
  const faults = (answer.rejected ?? []).map(({ object, reason }) => `${object} is refused: ${reason}`);
  const mesh = buildMesh(
    manifests.map((manifest) => ({ manifest })),
    { meshConfig },
  );
  for (const [index, question] of questions.entries()) {
    const told = answer.calls?.[index];
    const call = calls[index];
    if (!told || !call) continue;
    const wrong = fault(question, told);
    if (wrong !== undefined) faults.push(`${question.title}: Istio says ${wrong}; ${JSON.stringify(told.outcome)}`);
    const verdict = explain(mesh, { ...question.call, ...(call.address !== undefined && { address: call.address }) });
    const difference = compare(told, verdict, "full", false);
    if (difference) faults.push(`${question.title}: Istio says ${difference.oracle}, explain ${difference.explain}`);
  }
  return { asked: calls.length, faults };
}

async function main(): Promise<void> {
  const oracle = await Oracle.start();
  const configs = fc.sample(arbitraryConfig, { numRuns: Number(flags.runs), seed: Number(flags.seed) });
  let asked = 0;
  let wrong = 0;
  for (const config of configs) {
    const result = await ask(oracle, config);
    asked += result.asked;
    wrong += result.faults.length;
    if (result.faults.length > 0 && wrong <= 40)
      process.stdout.write(`${result.faults.slice(0, 5).join("\n")}\n${stringify(config)}\n`);
  }
  oracle.close();
  process.stdout.write(`${configs.length} configurations, ${asked} calls, ${wrong} faults\n`);
  if (wrong > 0) process.exitCode = 1;
}

void main();
