import type { EgressConfig } from "../graph/intent/config";

export {
  type Application,
  type ChartValues,
  type Destination,
  type Istio,
  type IstioCharts,
  type IstioValues,
  type Port,
  PortProtocol,
} from "../graph/intent/config";

/**
 * The args of `ControlledEgress`: which applications may reach which external destinations. All are plain values,
 * since they decide how many resources exist.
 */
export interface ControlledEgressArgs extends EgressConfig {}
