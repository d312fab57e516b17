import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";
import pc from "picocolors";
import { ROOT } from "./support/demo";
import { lab } from "./support/lab";

/*
 * All tests, in an order in which the cheap ones come first and those on the lab share one cluster. What each needs is
 * made before it: the lab is built (minutes, once on a machine) only when the tests without it have run.
 */

/** Files of the tests on the lab, in their order: each takes up the cluster as the one before left it. */
const ON_THE_LAB = [
  "interrupted",
  "demo",
  "isolation",
  "failClosed",
  "second",
  "protocols",
  "attack",
  "closedDns",
  "reality",
  "rebuilt",
  "destroy",
  "internet",
  "commands",
  "lab",
  "networkPolicy",
];

interface Count {
  passed: number;
  failed: number;
}

async function main(): Promise<void> {
  const only = process.argv.slice(2);
  const wanted = (group: string) => only.length === 0 || only.includes(group);
  const counts: Count[] = [];
  if (wanted("checks")) counts.push(await run("checks", testsBelow("tests/checks")));
  if (wanted("unit")) counts.push(await run("unit", testsBelow("tests/unit")));
  if (wanted("oracle")) counts.push(await run("oracle", testsBelow("tests/oracle")));
  try {
    if (wanted("engine") || wanted("lab")) counts.push(...(await withLab(wanted)));
  } finally {
    if (wanted("lab")) await lab("down");
  }
  const total = (key: keyof Count) => counts.reduce((sum, count) => sum + count[key], 0);
  console.log(`${total("passed")} passed, ${total("failed")} failed`);
  process.exitCode = total("failed") > 0 || total("passed") === 0 ? 1 : 0;
}

async function withLab(wanted: (group: string) => boolean): Promise<Count[]> {
  const counts: Count[] = [];
  try {
    if (wanted("lab")) await lab("down");
    await lab("up", ...(wanted("lab") ? [] : ["--only", "pulumi"]));
  } catch (error) {
    console.error(pc.red(error instanceof Error ? error.message : String(error)));
    return [{ passed: 0, failed: 1 }];
  }
  if (wanted("engine")) counts.push(await run("engine", testsBelow("tests/engine")));
  if (wanted("lab"))
    counts.push(
      await run(
        "lab",
        ON_THE_LAB.map((name) => join(ROOT, "tests/lab", `${name}.test.ts`)),
      ),
    );
  return counts;
}

function testsBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .sort()
    .map((file) => join(ROOT, folder, file));
}

function run(title: string, files: string[]): Promise<Count> {
  console.log(pc.bold(`\n== ${title}`));
  // A pending test is one that nobody ran: it counts as failed.
  const mocha = new Mocha({ reporter: "spec", timeout: 30_000, forbidOnly: true, forbidPending: true });
  for (const file of files) mocha.addFile(file);
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve({ passed: runner.stats?.passes ?? 0, failed: runner.stats?.failures ?? 0 }));
  });
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
