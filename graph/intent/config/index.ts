/**
 * What the user writes: stack config and component args share these shapes.
 * Interfaces and string enums only, of the kind that Pulumi's schema inference accepts, so that the same
 * args serve every Pulumi language.
 */
export * from "./application";
export * from "./destination";
export * from "./egress";
export * from "./gateway";
export * from "./guards";
export * from "./istio";
