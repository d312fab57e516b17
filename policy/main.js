// What Pulumi loads: policy/index.ts, compiled where it is.
require("../cli/load")("policy/index");
