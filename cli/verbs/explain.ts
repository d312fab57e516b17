import type { Command } from "commander";
import type { Output } from "../output";
import type { Done } from "./done";
import { addInput } from "./input";

export function addExplain(program: Command, output: Output, done: Done): void {
  const command = program
    .command("explain")
    .description("What becomes of a call, hop by hop, and which object decides")
    .argument("[workload]", "namespace/name of a Deployment, Pod …, or namespace?label=value")
    .argument("[url]", "http://…, https://… or tcp://host:port");
  addInput(command)
    .option("--json", "print the answer as JSON")
    .option(
      "--calls <file>",
      "answer many: a JSON object a line with workload, url and, where needed, address, method, headers",
    )
    .option("--address <ip>", "the address dialled, where it is not the one that the mesh knows for the host")
    .option("--method <method>", "HTTP method (default: GET)")
    .option("--header <name: value...>", "HTTP header")
    .option("--service-account <name>", "service account of the workload, where no object says it")
    .addHelpText("after", EXPLAIN_HELP)
    .action(async (workload, url, options) => {
      const { explainCommand } = require("../explain") as typeof import("../explain");
      done(await explainCommand({ ...options, workload, url }, output));
    });
}

const EXPLAIN_HELP = `
Example: controlled-egress explain test-app/app-a https://github.com --from Pulumi.dev.yaml

Exit code: 0 through an egress gateway or inside the mesh, 1 blocked, 2 directly out of the mesh, 3 unknown,
64 and more for a bad question. With --calls: 0 when every line was answered, 65 when a line was no question.`;
