import type { EgressConfig } from "../graph/intent/config";

export {
  AdmissionMode,
  type AllowanceTerms,
  type Application,
  type Autoscaling,
  type ChartValues,
  type Destination,
  type DnsPods,
  type GatewayOptions,
  type Guards,
  type Istio,
  type IstioCharts,
  type IstioValues,
  type Port,
  PortProtocol,
  type Quantities,
  type Resources,
  type TlsOrigination,
  type Toleration,
} from "../graph/intent/config";

/**
 * The args of `ControlledEgress`: which applications may reach which external destinations. All are plain values,
 * since they decide how many resources exist.
 */
export interface ControlledEgressArgs extends EgressConfig {}
