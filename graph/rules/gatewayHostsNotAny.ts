import { gatewayDirections } from "./egressGateways";
import { decided, type Rule } from "./rule";

/**
 * A server with host `*` takes whatever a route binds to it (Istio docs, "Security Best Practices: Avoid overly broad
 * hosts configurations"). Gateways that lead inwards only are not the subject here.
 */
export const gatewayHostsNotAny: Rule = {
  code: "gateway-hosts-not-any",
  *check(context) {
    for (const [gateway, direction] of context.shared(gatewayDirections)) {
      if (direction === "ingress" || gateway.object.group !== "networking.istio.io" || !context.judged(gateway.object))
        continue;
      yield* decided(gateway.object, function* () {
        for (const server of gateway.object.spec.at("servers").list()) {
          for (const host of server.at("hosts").list()) {
            if (!/^([^/]*\/)?\*$/.test(host.text())) continue;
            yield {
              object: gateway.object,
              field: host.path,
              seen: host.text(),
              message: `the server on port ${server.at("port").at("number").text()} takes any host that a route is bound for`,
              fix: 'Write the destination\'s hosts, each as "./HOST"',
            };
          }
        }
      });
    }
  },
};
