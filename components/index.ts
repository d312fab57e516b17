export * from "./args";
export { ControlledEgress } from "./controlledEgress";
export type { AllowedFlow, EgressGateway, InstalledRelease } from "./outputs";
