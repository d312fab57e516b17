import { dayOf } from "../graph/day";
import { mapOf } from "../graph/reach/map";
import { type Allowed, type AuditReport, auditReport, tallyOf } from "../graph/traffic/audit";
import { callerNamesOf, gatewaysOf } from "../graph/traffic/fromMesh";
import type { Traffic } from "../graph/traffic/traffic";
import { BAD_QUESTION, CommandError } from "./exit";
import type { AuditFormat } from "./formats";
import { type Input, type InputOptions, inputOf, stackFileOf } from "./input";
import { type LogReading, type LogSource, Logs } from "./logs";
import { filledMeshFrom } from "./mesh";
import type { Output } from "./output";
import { ReadProblem } from "./read/problem";
import { callText } from "./render/callText";
import { sinceOf } from "./since";
import type { StackPatch } from "./stackPatch";

export interface AuditOptions extends InputOptions {
  logs: string[];
  follow?: boolean;
  since?: string;
  gatewaysOnly?: boolean;
  patch?: boolean;
  format: AuditFormat;
  json?: boolean;
}

/** `controlled-egress audit`: who called what, by access logs, and the exit code. */
export async function auditCommand(options: AuditOptions, output: Output): Promise<number> {
  const { follow = false, patch = false } = options;
  const source = sourceOf(options);
  const input = objectsInput(options);
  if (patch && follow) throw new CommandError("--patch and --follow do not go together.", BAD_QUESTION);
  if (patch && stackFileOf(input) === undefined)
    throw new CommandError("--patch needs the stack's config: --stack NAME, or --from Pulumi.NAME.yaml.", BAD_QUESTION);
  const now = new Date();
  const allowed = input && (await allowedBy(input, dayOf(now)));
  const since = options.since === undefined ? {} : { since: sinceOf(options.since, now) };
  const reading: LogReading = {
    ...since,
    gatewaysOnly: options.gatewaysOnly,
    gateways: allowed ? gatewaysOf(allowed.mesh) : new Map(),
    onNote: (note) => output.err(`${note}\n`),
  };
  const json = options.json || options.format === "json";
  const traffic = follow
    ? await followed(source, reading, allowed, json, output)
    : await new Logs(source, reading).read();
  if (!follow) refuseUnreadable(traffic, source);
  const report = auditReport(traffic, allowed);
  const edit = patchFor(input, report, now);
  output.out(patch ? (edit?.patch ?? "") : rendered(report, edit, json, follow));
  return exitCode(report);
}

/** Files where some are named, else the cluster. */
function sourceOf({ logs, context, from }: AuditOptions): LogSource {
  if (logs.filter((log) => log === "-").length + (from === "-" ? 1 : 0) > 1)
    throw new CommandError("only one of the logs and --from can be standard input.", BAD_QUESTION);
  if (logs.length > 0) return { paths: logs };
  if (context !== undefined) return { context };
  throw new CommandError("audit needs logs: LOG …, - for standard input, or --context NAME.", BAD_QUESTION);
}

/** What says what is allowed: a config or objects where they are given, else the cluster itself; or nothing. */
function objectsInput({ from, stack, context }: AuditOptions): Input | undefined {
  const named = from ?? stack;
  if (named === undefined && context === undefined) return undefined;
  return inputOf("audit", named === undefined ? { context } : { from, stack });
}

async function allowedBy(input: Input, today: string): Promise<Allowed> {
  const mesh = await filledMeshFrom(input);
  return { mesh, map: mapOf(mesh), names: callerNamesOf(mesh), today };
}

/** Prints each call as it comes, until Ctrl-C. */
async function followed(
  source: LogSource,
  reading: LogReading,
  allowed: Allowed | undefined,
  json: boolean,
  output: Output,
): Promise<Traffic> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const named = (caller: string) => allowed?.names(caller) ?? caller;
  const logs = new Logs(source, {
    ...reading,
    onCall: (call) =>
      output.out(
        json ? `${JSON.stringify({ application: named(call.caller), ...call })}\n` : callText(named(call.caller), call),
      ),
  });
  try {
    await logs.follow(stop.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
  return logs.traffic();
}

/** Logs of which nothing can be read would look like logs in which nothing happened. */
function refuseUnreadable({ lines }: Traffic, source: LogSource): void {
  const { unreadable, ...read } = lines;
  if (unreadable === 0 || Object.values(read).some((count) => count > 0) || "context" in source) return;
  throw new ReadProblem(
    `${source.paths.join(", ")}: none of ${unreadable} lines is a JSON access log. The mesh config must say accessLogFile: /dev/stdout and accessLogEncoding: JSON.`,
  );
}

/** Loaded where a stack's config is given and something was denied. */
function patchFor(input: Input | undefined, report: AuditReport, now: Date): StackPatch | undefined {
  const file = stackFileOf(input);
  if (file === undefined || tallyOf(report).denied === 0) return undefined;
  const { stackPatch } = require("./stackPatch") as typeof import("./stackPatch");
  return stackPatch(file, report.calls, dayOf(now));
}

function rendered(report: AuditReport, edit: StackPatch | undefined, json: boolean, follow: boolean): string {
  if (json) {
    const whole = { ...report, ...edit };
    return follow ? `${JSON.stringify({ report: whole })}\n` : `${JSON.stringify(whole, undefined, 2)}\n`;
  }
  const { auditText } = require("./render/auditText") as typeof import("./render/auditText");
  return auditText(report, edit);
}

function exitCode(report: AuditReport): number {
  const { denied, direct } = tallyOf(report);
  if (direct > 0) return 2;
  return denied > 0 ? 1 : 0;
}
