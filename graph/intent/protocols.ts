import { PortProtocol } from "./config";

/** Whether the gateway sees single requests on such a port, and not the connection only. */
export function seesRequests(protocol: PortProtocol): boolean {
  return protocol === PortProtocol.HTTP || protocol === PortProtocol.HTTP2 || protocol === PortProtocol.GRPC;
}
