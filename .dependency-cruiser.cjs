/** Who may import whom: data flows one way, and Istio's rules live in one place. */
const product = "^(components|policy|cli|demo|attack)/";
module.exports = {
  forbidden: [
    { name: "graph-is-pure", severity: "error", from: { path: "^graph/" }, to: { path: "^(components|policy|cli|lab|demo|attack|tests|bench)/" } },
    { name: "graph-knows-no-pulumi", severity: "error", from: { path: "^graph/" }, to: { path: "node_modules/@pulumi/" } },
    { name: "graph-does-no-io", severity: "error", from: { path: "^graph/" }, to: { dependencyTypes: ["core"], pathNot: "^(node:)?(url|crypto)$" } },
    { name: "lab-knows-no-product", severity: "error", from: { path: "^lab/" }, to: { path: `${product}|^graph/|^tests/` } },
    { name: "components-stand-alone", severity: "error", from: { path: "^components/" }, to: { path: "^(policy|cli|lab|demo|attack|tests|bench)/" } },
    { name: "policy-stands-alone", severity: "error", from: { path: "^policy/" }, to: { path: "^(components|lab|demo|attack|tests|bench)/" } },
    { name: "cli-stands-alone", severity: "error", from: { path: "^cli/" }, to: { path: "^(components|policy|lab|demo|attack|tests|bench)/" } },
    { name: "kubernetesx-in-the-demo-alone", severity: "error", from: { pathNot: "^demo/workloads" }, to: { path: "node_modules/@pulumi/kubernetesx" } },
    // Types may name each other; code that runs may not.
    { name: "no-circles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    { name: "all-resolve", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
  },
};
