import type { RuleCode } from "../../../graph/rules/catalogue";
import { type Draft, gone, type Link, type Mutation, set } from "./mutation";

const originates = ({ port }: Link) => port.originateTls !== undefined;
/** Names under a wildcard are asked for and checked one by one, at the port of the scheme: nothing of that is written. */
const ofExactHost = (link: Link) => originates(link) && !link.host.name.startsWith("*");

/** The gateway's TLS to the outside, weakened in each way; the call itself goes on. */
export function originationMutations(): Mutation[] {
  const onTls = (
    title: string,
    change: (tls: Draft) => void,
    finding?: RuleCode,
    only: Mutation["only"] = originates,
  ): Mutation => ({
    kind: "DestinationRule",
    namespace: "gateways",
    title,
    only,
    breakIt: set((spec) => {
      for (const { tls } of spec.trafficPolicy.portLevelSettings) change(tls);
    }),
    ...(finding === undefined ? { elsewhere: true } : { survives: true, finding }),
  });
  return [
    {
      kind: "DestinationRule",
      namespace: "gateways",
      title: "deleted",
      only: originates,
      breakIt: gone,
      elsewhere: true,
    },
    {
      kind: "DestinationRule",
      namespace: "gateways",
      title: "for another port",
      only: originates,
      breakIt: set((spec) => {
        for (const { port } of spec.trafficPolicy.portLevelSettings) port.number += 1000;
      }),
      elsewhere: true,
    },
    {
      kind: "DestinationRule",
      namespace: "gateways",
      title: "not for the gateways",
      only: originates,
      breakIt: set((spec) => {
        spec.exportTo = ["nowhere"];
      }),
      elsewhere: true,
    },
    onTls("mode DISABLE", (tls) => {
      tls.mode = "DISABLE";
    }),
    onTls("another SNI", (tls) => {
      tls.sni = "other.example";
    }),
    onTls("other names of the certificate", (tls) => {
      tls.subjectAltNames = ["other.example"];
    }),
    onTls(
      "without CA",
      (tls) => {
        delete tls.credentialName;
        delete tls.caCertificates;
      },
      "verified-tls-origination",
    ),
    onTls("without SNI", (tls) => delete tls.sni, "verified-tls-origination", ofExactHost),
    onTls(
      "without names of the certificate",
      (tls) => delete tls.subjectAltNames,
      "verified-tls-origination",
      ofExactHost,
    ),
    onTls(
      "not verified",
      (tls) => {
        tls.insecureSkipVerify = true;
      },
      "verified-tls-origination",
    ),
  ];
}
