import { flows, type Intent } from "../../../graph";
import type { Call } from "../../../graph/explain/types";
import { beyondLimits, withinLimits } from "./requests";

const STRANGER_HOST = "not-in-any-destination.example";

export interface Question {
  title: string;
  call: Call;
  /** `namespace/service` of the gateway that must carry it; undefined is a call that must be blocked. */
  gateway: string | undefined;
}

/** Every caller to every host and port, with what the intent says of it. */
export function questions(intent: Intent): Question[] {
  const allowed = new Map(flows(intent).map((flow) => [`${flow.application} ${flow.host}:${flow.port}`, flow]));
  const targets = [
    ...intent.destinations.flatMap(({ hosts, ports }) =>
      hosts.flatMap(({ name: host }) => ports.map((port) => ({ host, ...port }))),
    ),
    { host: STRANGER_HOST, number: 80, protocol: "HTTP" },
    { host: STRANGER_HOST, number: 443, protocol: "TLS" },
  ];
  return callers(intent).flatMap(({ name, workload }) =>
    targets.flatMap(({ host, number, protocol }) => {
      const title = `${name} to ${host}:${number}`;
      const flow = allowed.get(`${name} ${host}:${number}`);
      const call = {
        workload,
        host,
        port: number,
        protocol: protocol === "HTTP" ? ("http" as const) : ("tls" as const),
      };
      const beyond = flow ? beyondLimits(flow) : [];
      return [
        { title, call: { ...call, ...(flow && withinLimits(flow)) }, gateway: flow?.gateway },
        ...beyond.map((request) => ({
          title: `${title} ${JSON.stringify(request)}`,
          call: { ...call, ...request },
          gateway: undefined,
        })),
      ];
    }),
  );
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
