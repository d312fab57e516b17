/** Without a cluster: what is foretold of the cases, and what the oracle (tests/oracle) says to the same: `dry.ts [part of a title]`. */
import { explain } from "../../../graph/explain/explain";
import { buildMesh } from "../../../graph/mesh/mesh";
import { compare, tellExplain, tellOracle } from "../../oracle/compare";
import { FIXED, gatewayService } from "../../oracle/generate/base";
import { CALLS } from "../../oracle/generate/calls";
import { Oracle } from "../../oracle/oracle";
import { NAMESPACE_OF, question } from "./calls";
import { generated } from "./generated";
import { handMade } from "./handMade";

async function main(only: string): Promise<void> {
  const oracle = await Oracle.start();
  const meshConfig = { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } };
  let differences = 0;
  const cases = [...handMade(), ...generated(60, 1)].filter(({ title }) => title.includes(only));
  for (const { title, stages, calls, service } of cases) {
    const aged = stages.flatMap((stage, i) =>
      stage.map(({ metadata, ...rest }) => ({
        ...rest,
        metadata: { ...metadata, creationTimestamp: `2026-02-01T00:00:0${i}Z` },
      })),
    );
    const manifests = [
      ...FIXED,
      gatewayService("egress", "gw", service),
      gatewayService("other", "gw2", 0),
      ...aged,
    ].map((m) => JSON.parse(JSON.stringify(m)));
    const asked = calls.map(({ from, repeat: _repeat, ...call }) => ({
      ...call,
      workload: CALLS.find(({ workload }) => workload.labels?.app === from)?.workload ?? {
        namespace: NAMESPACE_OF[from] ?? "",
        labels: { app: from },
      },
    }));
    const answer = await oracle.ask({ manifests, meshConfig, calls: asked as never });
    if (answer.error) throw new Error(answer.error);
    const refused = new Set((answer.rejected ?? []).map(({ object }) => object));
    const mesh = buildMesh(
      manifests
        .filter((m) => !refused.has(`${m.kind} ${m.metadata.namespace ?? ""}/${m.metadata.name}`))
        .map((manifest) => ({ manifest })),
      { meshConfig },
    );
    console.log(
      `${title}${[...(answer.rejected ?? [])].map(({ object, reason }) => `\n  REFUSED ${object}: ${reason}`).join("")}`,
    );
    for (const [i, call] of calls.entries()) {
      const workload = asked[i]?.workload;
      const verdict = explain(
        mesh,
        question(call, { ...workload, labels: workload?.labels ?? {}, injected: true } as never),
      );
      const theirs = answer.calls?.[i];
      const { from, protocol, host, address, port } = call;
      const same = theirs && compare(theirs, verdict, "full", true) === undefined;
      if (!same) differences++;
      console.log(
        `  ${same ? "   " : "NOT"} ${from} ${protocol} ${host ?? address}:${port}: ${verdict.verdict === "unknown" ? `UNKNOWN ${verdict.reason}` : tellExplain(verdict)}${same ? "" : `\n      oracle: ${theirs && tellOracle(theirs)} ${theirs?.ways.map(({ outcome }) => outcome.reason ?? "").join("; ")}`}`,
      );
    }
  }
  console.log(`${cases.length} cases, ${differences} differences`);
  oracle.close();
}

void main(process.argv[2] ?? "");
