import { allowanceExpiresSoon } from "./allowanceExpiresSoon";
import { allowanceNotExpired } from "./allowanceNotExpired";
import { gatewayAuthorizesCallers } from "./gatewayAuthorizesCallers";
import { gatewayDeniesByDefault } from "./gatewayDeniesByDefault";
import { gatewayHostsNotAny } from "./gatewayHostsNotAny";
import { gatewayStrictMutualTls } from "./gatewayStrictMutualTls";
import { mutualTlsToGateway } from "./mutualTlsToGateway";
import { namespaceAdmissionPolicy } from "./namespaceAdmissionPolicy";
import { namespaceDeniesByDefault } from "./namespaceDeniesByDefault";
import { namespaceNetworkPolicy } from "./namespaceNetworkPolicy";
import { noCaptureExclusions } from "./noCaptureExclusions";
import { noConflictingHosts } from "./noConflictingHosts";
import { noOpenOutboundPolicy } from "./noOpenOutboundPolicy";
import { noUnboundedServiceEntry } from "./noUnboundedServiceEntry";
import { opaqueRelease } from "./opaqueRelease";
import { pathLimitsNormalized } from "./pathLimitsNormalized";
import type { Rule } from "./rule";
import { serviceEntryFailsClosed } from "./serviceEntryFailsClosed";
import { serviceEntryRouted } from "./serviceEntryRouted";
import { sniRuleNamesPorts } from "./sniRuleNamesPorts";
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
  gatewayDeniesByDefault,
  gatewayStrictMutualTls,
  sniRuleNamesPorts,
  pathLimitsNormalized,
  verifiedTlsOrigination,
  noConflictingHosts,
  noCaptureExclusions,
  namespaceNetworkPolicy,
  namespaceAdmissionPolicy,
  allowanceNotExpired,
  allowanceExpiresSoon,
  opaqueRelease,
];
