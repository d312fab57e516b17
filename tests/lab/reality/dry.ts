/** Without a cluster: what is foretold of the cases, and what the oracle (tests/oracle) says to the same: `dry.ts [part of a title]`. */
import { explain } from "../../../graph/explain/explain";
import { compare, tellExplain, tellOracle } from "../../oracle/compare";
import { fromLab, meshWithout, tellCall } from "../../oracle/corpus";
import { Oracle, type OracleCall } from "../../oracle/oracle";
import { generated } from "./generated";
import { handMade } from "./handMade";

async function main(only: string): Promise<void> {
  const oracle = await Oracle.start();
  let differences = 0;
  const cases = [...handMade(), ...generated(60, 1)].filter(({ title }) => title.includes(only)).map(fromLab);
  for (const recorded of cases) {
    const { title, manifests, meshConfig, calls } = recorded;
    const answer = await oracle.ask({ manifests, meshConfig, calls: calls as OracleCall[] });
    if (answer.error) throw new Error(answer.error);
    const rejected = answer.rejected ?? [];
    console.log(`${title}${rejected.map(({ object, reason }) => `\n  REFUSED ${object}: ${reason}`).join("")}`);
    const refused = rejected.map(({ object }) => object);
    const mesh = meshWithout(recorded, refused);
    for (const [i, call] of calls.entries()) {
      const verdict = explain(mesh, call);
      const theirs = answer.calls?.[i];
      const same = theirs && compare(theirs, verdict, "full", true) === undefined;
      if (!same) differences++;
      const told = verdict.verdict === "unknown" ? `UNKNOWN ${verdict.reason}` : tellExplain(verdict);
      const reasons = theirs?.ways.map(({ outcome }) => outcome.reason ?? "").join("; ");
      const oracleSays = same ? "" : `\n      oracle: ${theirs && tellOracle(theirs)} ${reasons}`;
      console.log(`  ${same ? "   " : "NOT"} ${tellCall(call)}: ${told}${oracleSays}`);
    }
  }
  console.log(`${cases.length} cases, ${differences} differences`);
  oracle.close();
}

void main(process.argv[2] ?? "");
