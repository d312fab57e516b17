import { setTimeout as wait } from "node:timers/promises";
import { type Flow, flows, type Intent } from "../graph";
import { type AccessLogLine, accessLog } from "./accessLog";
import { type CurlResult, curlAll } from "./curl";
import { type Kubectl, runningPod } from "./kubectl";

/** One call of the walk and what must come of it. */
export interface Step {
  application: string;
  url: string;
  expected: string;
  /** The flow that allows the call; none is a call that must be blocked. */
  flow: Flow | undefined;
}

/** A step and what came of it. */
export interface Walked extends Step {
  seen: string;
  /** The gateway's own line of log for an allowed call. */
  log: AccessLogLine | undefined;
  ok: boolean;
  /** How often the call was made until proxies had their newest configuration. */
  tries: number;
}

/** A host that no destination of the demo has. */
const STRANGERS = ["cnn.com", "www.cnn.com"];
const BLOCKED = { http: "HTTP 502", https: "closed (curl 35)" };
/** How long proxies may take to get a configuration that was just made, and access logs to be written. */
const PATIENCE = 20_000;
const PAUSE = 300;

/** The calls of the demo: from each application its allowed hosts, others' hosts and strangers, over HTTP and HTTPS. */
export function steps(intent: Intent): Step[] {
  const allowed = flows(intent);
  const hosts = [
    ...intent.destinations.flatMap((destination) => destination.hosts.map(({ name }) => name)),
    ...STRANGERS,
  ];
  return intent.applications.flatMap(({ namespace, name }) => {
    const application = `${namespace}/${name}`;
    return hosts.flatMap((host) =>
      (["http", "https"] as const).map((scheme) => {
        const flow = allowed.find(
          (one) => one.application === application && one.host === host && one.port === (scheme === "http" ? 80 : 443),
        );
        return { application, url: `${scheme}://${host}`, expected: flow ? "HTTP 200" : BLOCKED[scheme], flow };
      }),
    );
  });
}

/**
 * Makes every call from the applications' pods, now. A call that must be blocked and passes fails at once; any other
 * difference is tried again while configuration may still be on its way.
 */
export async function walk(kubectl: Kubectl, intent: Intent): Promise<Walked[]> {
  const since = new Date(Date.now() - 1000).toISOString();
  const started = Date.now();
  let pending = steps(intent).map((step): Walked => ({ ...step, seen: "", log: undefined, ok: false, tries: 0 }));
  const all = pending;
  while (pending.length > 0) {
    await call(kubectl, intent, pending);
    pending = pending.filter((step) => !step.ok && !leaked(step));
    if (pending.length === 0 || Date.now() - started > PATIENCE) break;
    await wait(PAUSE);
  }
  await findLogs(kubectl, all, since);
  return all;
}

/** A call that the configuration forbids and that got an answer from outside. */
export function leaked({ flow, seen }: Walked): boolean {
  return flow === undefined && seen === "HTTP 200";
}

async function call(kubectl: Kubectl, intent: Intent, pending: Walked[]): Promise<void> {
  await Promise.all(
    intent.applications.map(async ({ namespace, name, selector }) => {
      const own = pending.filter(({ application }) => application === `${namespace}/${name}`);
      if (own.length === 0) return;
      const results = await curlAll(kubectl, namespace, await runningPod(kubectl, namespace, selector), own);
      for (const [index, step] of own.entries()) {
        step.seen = outcome(results[index]);
        step.tries += 1;
        step.ok = step.seen === step.expected;
      }
    }),
  );
}

/** What a person would say of a call. */
export function outcome(result: CurlResult | undefined): string {
  if (result === undefined) return "no answer";
  return result.exit === 0 ? `HTTP ${result.status}` : `closed (curl ${result.exit})`;
}

/** An allowed call counts only with the line of its own gateway that names its cluster and its caller. */
async function findLogs(kubectl: Kubectl, walked: Walked[], since: string): Promise<void> {
  const waiting = () => walked.filter(({ flow, ok, log }) => flow !== undefined && ok && log === undefined);
  const deadline = Date.now() + PATIENCE;
  while (waiting().length > 0) {
    const gateways = [...new Set(waiting().map(({ flow }) => flow?.gateway ?? ""))];
    for (const gateway of gateways) {
      const [namespace = "", service = ""] = gateway.split("/");
      const lines = await accessLog(kubectl, namespace, service, since);
      for (const step of waiting())
        if (step.flow?.gateway === gateway) step.log = lines.find((line) => belongs(line, step.flow));
    }
    if (waiting().length === 0 || Date.now() > deadline) break;
    await wait(PAUSE);
  }
  for (const step of waiting()) step.ok = false;
}

function belongs(line: AccessLogLine, flow: Flow | undefined): boolean {
  return (
    flow !== undefined &&
    line.principal === flow.principal &&
    line.upstream_cluster === `outbound|${flow.port}||${flow.host}`
  );
}
