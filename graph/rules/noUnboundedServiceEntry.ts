import ipaddr from "ipaddr.js";
import type { MeshObject } from "../mesh/object";
import { portKind } from "../mesh/protocol";
import { isPublicSuffix } from "../publicSuffix";
import type { Complaint } from "./finding";
import { DEFAULT_PREFIX, type RuleOptions } from "./options";
import { each, istioObjects, type Rule } from "./rule";

/**
 * A ServiceEntry is an allowance, so it must say for what (Istio API, `ServiceEntry.hosts`, `.addresses`, and
 * `.resolution`: a TCP port with NONE and without addresses opens that port to every address).
 */
export const noUnboundedServiceEntry: Rule = {
  code: "no-unbounded-service-entry",
  *check(context) {
    yield* each(context, istioObjects(context, "ServiceEntry"), function* (object) {
      yield* anyHost(object);
      yield* openPort(object);
      yield* wideAddresses(object, context.options);
    });
  },
};

function* anyHost(object: MeshObject): Iterable<Complaint> {
  for (const value of object.spec.at("hosts").list()) {
    const host = value.text();
    if (!host.startsWith("*") || !isPublicSuffix(host)) continue;
    const every = host === "*" ? "every host" : `every host under ${host.slice(2)}, which anybody may register`;
    yield {
      object,
      field: value.path,
      seen: host,
      message: `it stands for ${every}`,
      fix: "Name the hosts that are needed",
    };
  }
}

function* openPort(object: MeshObject): Iterable<Complaint> {
  const { spec } = object;
  const resolution = spec.at("resolution").text();
  if ((resolution !== "" && resolution !== "NONE") || spec.at("addresses").list().length > 0) return;
  for (const port of spec.at("ports").list()) {
    const protocol = port.at("protocol").text();
    const kind = portKind(protocol);
    if (kind !== "tcp" && kind !== "detect") continue;
    const number = port.at("number").text();
    yield {
      object,
      field: port.at("protocol").path,
      seen: `${protocol || "absent"}, resolution NONE, no addresses`,
      message: `port ${number} is opened to every address, whatever the hosts say`,
      fix: "Add the addresses of the destination, or set resolution to DNS",
    };
  }
}

function* wideAddresses(object: MeshObject, { widestPrefix = {} }: RuleOptions): Iterable<Complaint> {
  for (const value of object.spec.at("addresses").list()) {
    const range = value.text();
    if (!range.includes("/") || !ipaddr.isValidCIDR(range)) continue;
    const [network, bits] = ipaddr.parseCIDR(range);
    const least = { ...DEFAULT_PREFIX, ...widestPrefix }[network.kind()];
    if (bits >= least) continue;
    yield {
      object,
      field: value.path,
      seen: range,
      message: `the range is wider than /${least}, the widest that is allowed`,
      fix: `Name narrower ranges, or lower the option widestPrefix.${network.kind()}`,
    };
  }
}
