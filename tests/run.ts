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

/** Failed tests named again at the end. */
const SHOWN = 12;

interface Count {
  passed: number;
  /** "title: first line of the error", in their order. */
  failures: string[];
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
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failures = counts.flatMap((count) => count.failures);
  // Again, at the end: whoever sees but the last lines of a log wants to know what broke first.
  if (failures.length > 0) console.log(["what failed, in order:", ...failures.slice(0, SHOWN)].join("\n  "));
  console.log(`${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
}

async function withLab(wanted: (group: string) => boolean): Promise<Count[]> {
  const counts: Count[] = [];
  try {
    if (wanted("lab")) await lab("down");
    await lab("up", ...(wanted("lab") ? [] : ["--only", "pulumi"]));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(pc.red(message));
    return [{ passed: 0, failures: [`the lab: ${shortened(message)}`] }];
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
    const failures: string[] = [];
    const runner = mocha.run(() => resolve({ passed: runner.stats?.passes ?? 0, failures }));
    runner.on("fail", (test, error) => failures.push(`${test.fullTitle()}: ${shortened(String(error?.message))}`));
  });
}

/** One line of a message that may hold the whole output of a program: its first error, else its start. */
function shortened(message: string): string {
  const lines = message.split("\n").map((line) => line.trim());
  return (lines.find((line) => /error/i.test(line)) ?? lines.find((line) => line !== "") ?? "").slice(0, 240);
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
