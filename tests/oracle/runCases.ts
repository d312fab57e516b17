/** Prints, for each call of tests/cases/oracle and tests/cases/reality (or the files named), what is expected and what the oracle says. */
import { allManifests, readCases } from "./cases";
import { tellOracle } from "./compare";
import { Oracle } from "./oracle";

async function main(only: string[]): Promise<void> {
  const oracle = await Oracle.start();
  for (const { file, oracleCase } of [...readCases("oracle"), ...readCases("reality")]) {
    if (only.length && !only.some((name) => file.includes(name))) continue;
    process.stdout.write(`${file}: ${oracleCase.title}\n`);
    const { calls, meshConfig } = oracleCase;
    const answer = await oracle.ask({ manifests: allManifests(oracleCase), meshConfig, calls });
    if (answer.error) process.stdout.write(`  ${answer.error}\n`);
    for (const { object, reason } of answer.rejected ?? []) process.stdout.write(`  rejected ${object}: ${reason}\n`);
    for (const [i, verdict] of (answer.calls ?? []).entries()) {
      const call = calls[i];
      const told = tellOracle(verdict);
      const mark = told === call?.expect ? "ok " : "NOT";
      process.stdout.write(
        `  ${mark} ${call?.workload.labels?.app} ${call?.protocol} ${call?.host ?? call?.address}:${call?.port}: ${told}\n`,
      );
      if (told !== call?.expect)
        process.stdout.write(
          `      expected ${call?.expect}; ${verdict.ways.map((w) => w.outcome.reason ?? "").join("; ")}\n`,
        );
    }
  }
  oracle.close();
}

void main(process.argv.slice(2));
