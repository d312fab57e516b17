import { existsSync } from "node:fs";
import { join } from "node:path";
import { chartsFolder } from "../../lab/charts";
import { labFolders } from "../../lab/folders";

/** The folder of one of Istio's own charts, from the lab's cache; copied first where it is not there. */
export async function ensureChart(name: "base" | "istiod" | "gateway"): Promise<string> {
  const folders = labFolders();
  const folder = chartsFolder(folders);
  if (!existsSync(folder)) {
    const { upOnly } = require("../../lab/lab") as typeof import("../../lab/lab");
    await upOnly(folders, ["charts"]);
  }
  return join(folder, name);
}
