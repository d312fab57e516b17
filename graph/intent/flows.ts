import { auditOf } from "./audit";
import type { Intent } from "./intent";
import { limitsOf } from "./limits";

/** One allowed flow: an application, a host and port, and the gateway between them. */
export interface Flow {
  /** Application, `namespace/name`. */
  application: string;
  /** SPIFFE identity of the application, the only one that the gateway admits for this flow. */
  principal: string;
  /** Name of the destination. */
  destination: string;
  /** External host; of a CIDR the made-up name of one address. */
  host: string;
  /** Port of the host. */
  port: number;
  /** What the application speaks: `HTTP`, `HTTP2`, `GRPC`, `TLS` or `TCP`. */
  protocol: string;
  /** The egress gateway between them, `namespace/service`. */
  gateway: string;
  /** HTTP methods that may be used, sorted; none listed stands for any. */
  methods?: string[];
  /** Paths that may be asked for, `/status` or `/api/*`, sorted; none listed stands for any. */
  paths?: string[];
  /** Who answers for the allowance. */
  owner?: string;
  /** Why it is needed. */
  reason?: string;
  /** Where it was decided. */
  ticket?: string;
  /** Last day on which it holds, `YYYY-MM-DD`, in UTC. */
  expires?: string;
}

/** Every flow that the intent allows, application by application. */
export function flows(intent: Intent): Flow[] {
  const destinations = new Map(intent.destinations.map((destination) => [destination.name, destination]));
  const services = new Map(intent.gateways.map((gateway) => [gateway.name, gateway.service]));
  return intent.applications.flatMap((application) =>
    application.allow.flatMap((name) => {
      const destination = destinations.get(name);
      if (destination === undefined) return [];
      const { methods, paths } = limitsOf(application, name);
      return destination.hosts.flatMap(({ name: host }) =>
        destination.ports.map(({ number, protocol }) => ({
          application: `${application.namespace}/${application.name}`,
          principal: spiffe(intent, application.namespace, application.serviceAccount),
          destination: name,
          host,
          port: number,
          protocol,
          gateway: `${intent.gatewayNamespace}/${services.get(destination.gateway)}`,
          ...(methods !== undefined && { methods }),
          ...(paths !== undefined && { paths }),
          ...auditOf(application, name),
        })),
      );
    }),
  );
}

/** An identity as Istio's policies write it: a SPIFFE identity without its scheme (Istio API, `Source.principals`). */
export function principal(intent: Pick<Intent, "istio">, namespace: string, serviceAccount: string): string {
  return `${intent.istio.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/** A SPIFFE identity of the mesh (Istio docs, "Security: Istio identity"). */
export function spiffe(intent: Pick<Intent, "istio">, namespace: string, serviceAccount: string): string {
  return `spiffe://${principal(intent, namespace, serviceAccount)}`;
}
