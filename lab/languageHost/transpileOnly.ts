// Loaded before a policy pack or component plugin when PULUMI_NODEJS_TRANSPILE_ONLY is set. Pulumi's SDK heeds that
// variable for programs alone and type-checks every plugin at each start: 2.5 s of CPU for a small pack, 0.8 s without.
import { createRequire } from "node:module";
import type * as tsNodeModule from "ts-node";

const script = process.argv[1] ?? "";
try {
  const tsNode = createRequire(script)("ts-node") as {
    -readonly [K in keyof typeof tsNodeModule]: (typeof tsNodeModule)[K];
  };
  const register = tsNode.register;
  tsNode.register = ((options: tsNodeModule.RegisterOptions) =>
    register({ ...options, typeCheck: false, transpileOnly: true })) as typeof register;
} catch {
  // A project without ts-node: the SDK brings its own and type-checks.
}
