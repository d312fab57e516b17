import type { Intent } from "./intent";

/** One allowed flow: an application, a host and port, and the gateway between them. */
export interface Flow {
  /** `namespace/name`. */
  application: string;
  /** SPIFFE identity that the gateway admits. */
  principal: string;
  destination: string;
  host: string;
  port: number;
  /** `HTTP` or `TLS`. */
  protocol: string;
  /** `namespace/service`. */
  gateway: string;
}

/** Every flow that the intent allows, application by application. */
export function flows(intent: Intent): Flow[] {
  const destinations = new Map(intent.destinations.map((destination) => [destination.name, destination]));
  const services = new Map(intent.gateways.map((gateway) => [gateway.name, gateway.service]));
  return intent.applications.flatMap((application) =>
    application.allow.flatMap((name) => {
      const destination = destinations.get(name);
      if (destination === undefined) return [];
      return destination.hosts.flatMap((host) =>
        destination.ports.map(({ number, protocol }) => ({
          application: `${application.namespace}/${application.name}`,
          principal: spiffe(intent, application.namespace, application.serviceAccount),
          destination: name,
          host,
          port: number,
          protocol,
          gateway: `${intent.gatewayNamespace}/${services.get(destination.gateway)}`,
        })),
      );
    }),
  );
}

/** A SPIFFE identity of the mesh (Istio docs, "Security: Istio identity"). */
export function spiffe(intent: Pick<Intent, "istio">, namespace: string, serviceAccount: string): string {
  return `spiffe://${intent.istio.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
