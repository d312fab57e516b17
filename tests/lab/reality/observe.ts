import type { AccessLogs, ProxyLine } from "./accessLogs";
import { inTheLab } from "./names";
import type { Made } from "./round";
import type { World } from "./world";

/** One thing that was seen to happen to a call. */
export interface Observed {
  kind: "gateway" | "direct" | "in-mesh" | "blocked";
  /** `namespace/service`. */
  gateway?: string;
  /** Where it arrived, or would have: address and port. */
  address?: string;
  port?: number;
  /** Of what was blocked: `HTTP 502`, `closed`, or `nothing in time` (Envoy gives up later than curl does). */
  seen?: string;
}

/** Addresses of the gateways' Services, in the order of gw and gw2. */
const GATEWAY_SERVICES = inTheLab(["10.96.0.8", "10.96.0.9"]);

const UPGRADE_REQUIRED = 426;
/** curl's exit code. */
const TIMED_OUT = 28;

/** What the application and the internet saw. Weights and mirrors apart, one thing. */
export function observe(world: World, made: Made): Observed[] {
  const arrived = made.arrivals.map(({ peer, server, port }): Observed => {
    const gateway = world.gatewayAt(peer);
    const place = { address: server, port };
    if (gateway !== undefined) return { kind: "gateway", gateway, ...place };
    if (world.pods.get(made.call.from)?.address !== peer)
      throw new Error(`${peer} called, which is no pod of the case`);
    return { kind: "direct", ...place };
  });
  if (made.inMesh) return [...arrived, { kind: "in-mesh" }];
  const answered = made.exit === 0 && made.status === 200 && arrived.length > 0;
  return answered ? arrived : [...arrived, { kind: "blocked", seen: answer(made) }];
}

function answer({ call, status, exit }: Made): string {
  // HTTP/1.0 stands for bytes that are no HTTP; a gateway's HTTP server refuses it in its own way.
  if (call.protocol === "tcp" && status === UPGRADE_REQUIRED) return "closed";
  if (exit === TIMED_OUT) return "nothing in time";
  return status ? `HTTP ${status}` : "closed";
}

/**
 * How far a call got that brought no answer: by the proxies' own logs, where it was sent last. The far end may not have
 * answered because nobody listens on that port there, or because it speaks another protocol.
 */
export function attempted(world: World, logs: AccessLogs, made: Made): Observed | undefined {
  const pod = world.pods.get(made.call.from);
  if (!pod) return undefined;
  for (const [app, gateway] of world.pods) {
    if (!app.startsWith("gw")) continue;
    const line = logs.between(gateway.name, pod.address, made.from, made.to).find((each) => sentOutside(world, each));
    if (line) return { kind: "gateway", gateway: `${gateway.namespace}/${app}`, ...place(line) };
  }
  const own = logs.between(pod.name, pod.address, made.from, made.to);
  const line = own.find((each) => sentOutside(world, each));
  if (line) return { kind: "direct", ...place(line) };
  const gateways = ["gw", "gw2"].flatMap((app) => world.pods.get(app) ?? []);
  const all = [...own, ...gateways.flatMap(({ name }) => logs.between(name, pod.address, made.from, made.to))];
  const web = `${world.pods.get("web")?.address}:`;
  return all.some((each) => each.upstream_host?.startsWith(web)) ? { kind: "in-mesh" } : undefined;
}

/** Whether all that the proxies will write about a call is there: a sidecar's line, and a gateway's if it was sent to one. */
export function isLogged(world: World, logs: AccessLogs, made: Made): boolean {
  const pod = world.pods.get(made.call.from);
  if (!pod) return false;
  const own = logs.between(pod.name, pod.address, made.from, made.to);
  const gateways = ["gw", "gw2"].flatMap((app) => world.pods.get(app) ?? []);
  const sent = gateways.filter(({ address }, i) =>
    own.some(
      ({ upstream_host }) =>
        upstream_host?.startsWith(`${address}:`) || upstream_host?.startsWith(`${GATEWAY_SERVICES[i]}:`),
    ),
  );
  return own.length > 0 && sent.every(({ name }) => logs.between(name, pod.address, made.from, made.to).length > 0);
}

/** The lines about a call, for the report of a difference. */
export function linesAbout(world: World, logs: AccessLogs, made: Made): string[] {
  const caller = world.pods.get(made.call.from);
  if (!caller) return [];
  return [caller, ...["gw", "gw2"].map((app) => world.pods.get(app))].flatMap((pod) =>
    pod ? logs.between(pod.name, caller.address, made.from, made.to).map((line) => brief(pod.name, line)) : [],
  );
}

function sentOutside(world: World, line: ProxyLine): boolean {
  const [address] = (line.upstream_host ?? "").split(":");
  if (!address || [...world.pods.values()].some((pod) => pod.address === address) || address.startsWith("127."))
    return false;
  if (address.startsWith("198.18.")) return false; // a Service's own address, or a pod's
  return !/rbac/.test(`${line.connection_termination_details ?? ""} ${line.response_code_details ?? ""}`);
}

function place(line: ProxyLine): { address: string; port: number } {
  const [address = "", port] = (line.upstream_host ?? "").split(":");
  return { address, port: Number(port) };
}

function brief(pod: string, line: ProxyLine): string {
  const { response_code, response_flags, response_code_details, upstream_cluster, upstream_host } = line;
  const { requested_server_name, authority, connection_termination_details } = line;
  return `${pod}: ${JSON.stringify({ response_code, response_flags, response_code_details, upstream_cluster, upstream_host, requested_server_name, authority, connection_termination_details })}`;
}
