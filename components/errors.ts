import * as pulumi from "@pulumi/pulumi";
import { formatProblem, type Problem } from "../graph";

/** All problems of the args as one error, which names each property, its value and the fix. */
export function configError(problems: readonly Problem[]): pulumi.InputPropertiesError {
  return new pulumi.InputPropertiesError({
    message: `${problems.length === 1 ? "a problem" : `${problems.length} problems`} in the configuration of controlled egress:\n${problems
      .map((problem) => `  - ${formatProblem(problem)}`)
      .join("\n")}`,
    errors: problems.map((problem) => ({ propertyPath: problem.path, reason: `${problem.message}. ${problem.fix}` })),
  });
}
