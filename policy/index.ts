import { PolicyPack } from "@pulumi/policy";
import { egressGraph } from "./egressGraph";

new PolicyPack("controlled-egress", { enforcementLevel: "mandatory", policies: [egressGraph] });
