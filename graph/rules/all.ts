import { allowanceExpiresSoon } from "./allowanceExpiresSoon";
import { allowanceNotExpired } from "./allowanceNotExpired";
import { gatewayAuthorizesCallers } from "./gatewayAuthorizesCallers";
import { gatewayHostsNotAny } from "./gatewayHostsNotAny";
import { mutualTlsToGateway } from "./mutualTlsToGateway";
import { namespaceDeniesByDefault } from "./namespaceDeniesByDefault";
import { noCaptureExclusions } from "./noCaptureExclusions";
import { noConflictingHosts } from "./noConflictingHosts";
import { noOpenOutboundPolicy } from "./noOpenOutboundPolicy";
import { noUnboundedServiceEntry } from "./noUnboundedServiceEntry";
import { opaqueRelease } from "./opaqueRelease";
import type { Rule } from "./rule";
import { serviceEntryFailsClosed } from "./serviceEntryFailsClosed";
import { serviceEntryRouted } from "./serviceEntryRouted";
import { verifiedTlsOrigination } from "./verifiedTlsOrigination";

/** Every rule, in the order of the catalogue. */
export const RULES: readonly Rule[] = [
  serviceEntryRouted,
  serviceEntryFailsClosed,
  noOpenOutboundPolicy,
  namespaceDeniesByDefault,
  noUnboundedServiceEntry,
  gatewayHostsNotAny,
  gatewayAuthorizesCallers,
  mutualTlsToGateway,
  verifiedTlsOrigination,
  noConflictingHosts,
  noCaptureExclusions,
  allowanceNotExpired,
  allowanceExpiresSoon,
  opaqueRelease,
];
