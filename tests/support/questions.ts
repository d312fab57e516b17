import { flows, type HostIntent, type Intent, PortProtocol } from "../../graph";
import type { Call, Outcome } from "../../graph/explain/types";
import { isWildcard } from "../../graph/mesh/hosts";
import { callTo, exactName } from "./callOf";
import { beyondLimits, withinLimits } from "./requests";

/*
 * All that can be asked of the objects of an intent, with what the intent says of it: asked of `explain`
 * (tests/unit/roundtrip) and of Istio itself (tests/oracle).
 */

const STRANGER_HOST = "not-in-any-destination.example";
const STRANGER_ADDRESS = "203.0.113.9";

export interface Question {
  title: string;
  call: Call;
  /** `namespace/service` of the gateway that must carry it; undefined is a call that must be blocked. */
  gateway: string | undefined;
  /** Where it must arrive then, `host:port` outside. */
  destination: string | undefined;
  /** The address there, where the configuration names it. */
  address: string | undefined;
  /** TLS that the gateway must speak there. */
  tls: Outcome["tls"];
}

/** Every caller to every host and port, and to what stands beside them, with what the intent says of it. */
export function questions(intent: Intent): Question[] {
  const allowed = new Map(flows(intent).map((flow) => [`${flow.application} ${flow.host}:${flow.port}`, flow]));
  const targets: Target[] = intent.destinations.flatMap(({ hosts, ports }) =>
    hosts.flatMap((host) =>
      ports.flatMap((port): Target[] => {
        const call = callTo(host, port);
        const at = `${host.name}:${port.number}`;
        const known = { title: at, call, at };
        return port.protocol === PortProtocol.TCP
          ? [known, ...byAddress(host, call, at), ...besides(host, call)]
          : [known];
      }),
    ),
  );
  return callers(intent).flatMap(({ name, workload }) =>
    [...targets, ...STRANGERS].flatMap(({ title, call, at }) => {
      const flow = allowed.get(`${name} ${at}`);
      const asked = { title: `${name} to ${title}`, call: { workload, ...call }, ...outside(intent, at, call.port) };
      return [
        { ...asked, call: { ...asked.call, ...(flow && withinLimits(flow)) }, gateway: flow?.gateway },
        ...(flow ? beyondLimits(flow) : []).map((request) => ({
          ...asked,
          title: `${asked.title} ${JSON.stringify(request)}`,
          call: { ...asked.call, ...request },
          gateway: undefined,
        })),
      ];
    }),
  );
}

interface Target {
  title: string;
  call: Omit<Call, "workload">;
  /** `host:port` of the intent; undefined is no destination's. */
  at: string | undefined;
}

const STRANGERS: Target[] = [
  { title: "a strange host, HTTP", call: { host: STRANGER_HOST, port: 80, protocol: "http" }, at: undefined },
  { title: "a strange host, TLS", call: { host: STRANGER_HOST, port: 443, protocol: "tls" }, at: undefined },
  { title: "a strange address", call: { address: STRANGER_ADDRESS, port: 5432, protocol: "tcp" }, at: undefined },
];

/** Each of the host's addresses, dialled without its name. */
function byAddress({ addresses }: HostIntent, call: Target["call"], at: string): Target[] {
  return addresses.map((address) => ({
    title: `${at} at ${address}`,
    call: { ...call, host: undefined, address },
    at,
  }));
}

/** The neighbours of a range, another port of its address, and an address of nobody under a known name. */
function besides({ name, addresses, endpoint }: HostIntent, call: Target["call"]): Target[] {
  const own = [
    { ...call, host: name, address: STRANGER_ADDRESS },
    ...addresses.slice(0, 1).map((address) => ({ ...call, host: undefined, address, port: call.port + 1 })),
    ...(endpoint === undefined ? [] : [{ ...call, host: undefined, address: neighbour(endpoint) }]),
  ];
  return own.map((each) => ({ title: `${each.address}:${each.port} beside ${name}`, call: each, at: undefined }));
}

/** The generator's ranges end below this. */
function neighbour(address: string): string {
  return address.replace(/(64|65)$/, "66").replace(/::1?$/, "::2");
}

function outside(
  intent: Intent,
  at: string | undefined,
  number: number,
): Pick<Question, "destination" | "address" | "tls"> {
  const name = at?.slice(0, at.lastIndexOf(":"));
  const of = intent.destinations.find(({ hosts }) => hosts.some((host) => host.name === name));
  const host = of?.hosts.find((one) => one.name === name);
  if (host === undefined) return { destination: undefined, address: undefined, tls: undefined };
  const tls = of?.ports.find((port) => port.number === number)?.originateTls;
  const { endpoint } = host;
  const port = tls?.port ?? number;
  return {
    destination: `${exactName(host.name)}:${port}`,
    address: endpoint && (endpoint.includes(":") ? `[${endpoint}]:${port}` : `${endpoint}:${port}`),
    tls: tls && {
      mode: tls.mutual ? "MUTUAL" : "SIMPLE",
      sni: tls.sni ?? exactName(host.name),
      // Under a wildcard each name is checked by itself, which needs no list.
      serverNames: isWildcard(host.name) ? [] : (tls.subjectAltNames ?? [tls.sni ?? host.name]),
    },
  };
}

export function callers(intent: Intent): { name: string; workload: Call["workload"] }[] {
  const applications = intent.applications.map(({ namespace, name, selector, serviceAccount }) => ({
    name: `${namespace}/${name}`,
    workload: { namespace, labels: selector, serviceAccount, injected: true },
  }));
  const [first] = intent.applications;
  const strangers = intent.applicationNamespaces.map((namespace) => ({
    name: `${namespace}/stranger`,
    workload: { namespace, labels: { app: "stranger" }, serviceAccount: "default", injected: true },
  }));
  // The labels and account name of an application, in a namespace of nobody.
  const impostor = {
    name: "elsewhere/impostor",
    workload: {
      namespace: "elsewhere",
      labels: first?.selector ?? {},
      serviceAccount: first?.serviceAccount ?? "x",
      injected: true,
    },
  };
  return [...applications, ...strangers, impostor];
}
