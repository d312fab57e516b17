import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * `require` as Pulumi's Node SDK itself sees it, for the SDK that the first of `folders` with one uses.
 * The host carries no SDK: protocol, gRPC and the programs it starts are those of the user's project.
 */
export function sdkOf(folders: readonly string[]): NodeJS.Require {
  for (const folder of folders) {
    try {
      return createRequire(createRequire(join(folder, "program.js")).resolve("@pulumi/pulumi/package.json"));
    } catch {
      // not installed for this folder: try the next
    }
  }
  throw new Error(`@pulumi/pulumi is not installed for ${folders[0]}. Run npm install there.`);
}
