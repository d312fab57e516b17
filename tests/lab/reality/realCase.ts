import type { Manifest } from "../../../graph/manifest";
import type { RealCall } from "./calls";

/** A case: objects laid over the world (world.yaml), and calls in it. */
export interface RealCase {
  title: string;
  /** Applied in this order; those of a later stage are at least a second younger. */
  stages: Manifest[][];
  calls: RealCall[];
  /** Shape of the gateways' Services, see gatewayService of tests/oracle/generate/base.ts; default 1. */
  service: number;
}
