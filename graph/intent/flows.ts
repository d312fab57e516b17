import { auditOf } from "./audit";
import type { Intent } from "./intent";

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
      return destination.hosts.flatMap(({ name: host }) =>
        destination.ports.map(({ number, protocol }) => ({
          application: `${application.namespace}/${application.name}`,
          principal: spiffe(intent, application.namespace, application.serviceAccount),
          destination: name,
          host,
          port: number,
          protocol,
          gateway: `${intent.gatewayNamespace}/${services.get(destination.gateway)}`,
          ...auditOf(application, name),
        })),
      );
    }),
  );
}

/** A SPIFFE identity of the mesh (Istio docs, "Security: Istio identity"). */
export function spiffe(intent: Pick<Intent, "istio">, namespace: string, serviceAccount: string): string {
  return `spiffe://${intent.istio.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
