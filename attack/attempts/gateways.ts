import { type Attacker, type Attempt, type Layer, printed, reachedAllowed } from "../attempt";
import { FORBIDDEN, type Ground } from "../ground";
import { asProxy, curl, raw, tls } from "./shell";

/** Addresses and files that are known only when the attack runs. */
export interface Loot {
  /** Pod address of the application's gateway, and of the other one. */
  gateway: string;
  otherGateway: string;
  /** That of the gateway of the limited host, where there is one. */
  limitedGateway: string | undefined;
  /** Pod address of istiod. */
  istiod: string;
  /** Certificate and key in one file, by the attacker that holds it: the application's, and the other application's. */
  own: (attacker: Attacker) => string;
  others: (attacker: Attacker) => string;
}

/** Gateways dialled by hand: by name, by pod address, without mutual TLS, and with stolen certificates. */
export function gatewayAttempts(ground: Ground, loot: Loot): Attempt[] {
  return [
    ...byName(ground),
    ...withoutIdentity(ground, loot),
    ...withIdentity(ground, loot),
    ...sidePorts(ground, loot),
  ];
}

function byName({ other, otherGateway, gatewayNamespace, allowed }: Ground): Attempt[] {
  const service = `${otherGateway}.${gatewayNamespace}.svc.cluster.local`;
  const twin = { from: "application", script: curl(`http://${allowed}/`) } as const;
  return [
    {
      title: "the other application's gateway by Service name, HTTP",
      move: { from: "application", script: curl(`http://${service}/`, "-H", `Host: ${other}`) },
      twin,
      stoppedBy: "sidecar",
    },
    {
      title: "the other application's gateway by Service name, HTTPS",
      move: { from: "application", script: curl(`https://${service}/`, "-H", `Host: ${other}`) },
      twin,
      stoppedBy: "sidecar",
    },
    {
      title: "the other application's gateway by Service name, as the proxy's user",
      move: { from: "application", script: asProxy(curl(`http://${service}/`, "-H", `Host: ${other}`)) },
      twin,
      stoppedBy: "network policy",
    },
  ];
}

function withoutIdentity({ containerPorts, allowed }: Ground, { gateway, otherGateway }: Loot): Attempt[] {
  const plain = (address: string) =>
    asProxy(curl(`http://${address}:${containerPorts.http}/`, "-H", `Host: ${allowed}`));
  const attempt = (title: string, from: Attacker, script: string, stoppedBy: Layer): Attempt => ({
    title,
    move: { from, script },
    twin: { from: "application", script: curl(`http://${allowed}/`) },
    through: reachedAllowed,
    stoppedBy,
  });
  return [
    attempt("own gateway by pod address, plain text", "application", plain(gateway), "gateway"),
    attempt("other gateway by pod address, plain text", "application", plain(otherGateway), "network policy"),
    attempt("gateway from a namespace without injection", "bare", plain(gateway), "network policy"),
    attempt(
      "own gateway, TLS without a certificate",
      "application",
      asProxy(tls({ address: gateway, port: containerPorts.tls, sni: allowed, host: allowed })),
      "gateway",
    ),
    attempt(
      "an application's labels and account name in another namespace",
      "elsewhere",
      curl(`http://${allowed}/`),
      "sidecar",
    ),
  ];
}

function withIdentity({ containerPorts, allowed, other, checked }: Ground, loot: Loot): Attempt[] {
  const byHand = (
    from: Attacker,
    address: string,
    certificate: string,
    sni: string,
    host: string,
    port: number,
    line?: string,
  ) => {
    const script = tls({ address, port, sni, host, certificate, line });
    return { from, script: from === "node" || from === "bare" ? script : asProxy(script) };
  };
  const { http, tls: https } = containerPorts;
  const attempts: Attempt[] = [
    {
      title: "own certificate by hand at the own gateway, SNI of the other's host",
      move: byHand("application", loot.gateway, loot.own("application"), other, other, http),
      twin: byHand("application", loot.gateway, loot.own("application"), allowed, allowed, http),
      stoppedBy: "gateway",
    },
    {
      title: "own certificate by hand at the own gateway, allowed SNI, Host of a forbidden host",
      move: byHand("application", loot.gateway, loot.own("application"), allowed, FORBIDDEN, http),
      twin: byHand("application", loot.gateway, loot.own("application"), allowed, allowed, http),
      stoppedBy: "gateway",
    },
    {
      title: "own certificate by hand at the own gateway, CONNECT to a forbidden host",
      move: byHand(
        "application",
        loot.gateway,
        loot.own("application"),
        allowed,
        `${FORBIDDEN}:443`,
        http,
        `CONNECT ${FORBIDDEN}:443 HTTP/1.1`,
      ),
      twin: byHand("application", loot.gateway, loot.own("application"), allowed, allowed, http),
      stoppedBy: "gateway",
    },
    {
      title: "own certificate by hand at the own gateway, absolute request line of a forbidden host",
      move: byHand(
        "application",
        loot.gateway,
        loot.own("application"),
        allowed,
        allowed,
        http,
        `GET http://${FORBIDDEN}/ HTTP/1.1`,
      ),
      twin: byHand("application", loot.gateway, loot.own("application"), allowed, allowed, http),
      stoppedBy: "gateway",
    },
    {
      title: "own certificate by hand at the other gateway",
      move: byHand("application", loot.otherGateway, loot.own("application"), other, other, http),
      twin: byHand("application", loot.gateway, loot.own("application"), allowed, allowed, http),
      stoppedBy: "network policy",
    },
    {
      title: "the same past every NetworkPolicy, from the node",
      move: byHand("node", loot.otherGateway, loot.own("node"), other, other, http),
      twin: byHand("node", loot.gateway, loot.own("node"), allowed, allowed, http),
      stoppedBy: "gateway",
      shows: HANDSHAKE,
    },
    {
      title: "another identity's certificate at the application's gateway, from the node",
      move: byHand("node", loot.gateway, loot.others("node"), allowed, allowed, http),
      twin: byHand("node", loot.gateway, loot.own("node"), allowed, allowed, http),
      through: reachedAllowed,
      stoppedBy: "gateway",
      shows: HANDSHAKE,
    },
    {
      title: "another identity's certificate at the application's gateway, TLS port, from the node",
      move: byHand("node", loot.gateway, loot.others("node"), allowed, allowed, https),
      twin: byHand("node", loot.gateway, loot.own("node"), allowed, allowed, http),
      through: printed(/answer: \S/),
      stoppedBy: "gateway",
    },
    {
      title: "the application's stolen certificate, from another namespace",
      move: byHand("bare", loot.gateway, loot.own("bare"), allowed, allowed, http),
      twin: byHand("node", loot.gateway, loot.own("node"), allowed, allowed, http),
      through: reachedAllowed,
      stoppedBy: "network policy",
    },
  ];
  return checked === undefined ? attempts : [...attempts, innerSni(loot, checked, https)];
}

/** Inside the tunnel of an allowed host: bytes that are no TLS to it. */
function innerSni({ gateway, own }: Loot, checked: string, port: number): Attempt {
  return {
    title: "tunnel of an allowed host, something else than TLS to it inside",
    move: {
      from: "application",
      script: asProxy(tls({ address: gateway, port, sni: checked, host: FORBIDDEN, certificate: own("application") })),
    },
    twin: { from: "application", script: curl(`https://${checked}/`) },
    through: printed(/answer: \S/),
    stoppedBy: "gateway",
    sign: /filter_chain_not_found|NR/,
  };
}

function sidePorts({ allowed }: Ground, { gateway, istiod }: Loot): Attempt[] {
  const attempt = (title: string, address: string, port: number): Attempt => ({
    title,
    move: { from: "application", script: asProxy(`${curl(`http://${address}:${port}/`)}`) },
    twin: { from: "application", script: curl(`http://${allowed}/`) },
    through: printed(/HTTP [1-9]\d\d/),
    stoppedBy: "network policy",
  });
  return [
    attempt("the gateway's metrics port", gateway, 15020),
    attempt("the gateway's status port", gateway, 15021),
    attempt("istiod's plaintext port", istiod, 15010),
    attempt("istiod's debug port", istiod, 8080),
    {
      ...attempt("a tunnel through the gateway's TLS port without TLS", gateway, 8443),
      move: { from: "application", script: asProxy(raw(gateway, 8443, "GET / HTTP/1.1\r\n\r\n")) },
      through: printed(/HTTP\/1/),
      stoppedBy: "gateway",
    },
  ];
}

/** The gateway refused the certificate: TLS 1.3 tells the client only when it goes on. */
const HANDSHAKE = /SSLEOFError|SSLError|ConnectionReset/;
