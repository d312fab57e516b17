import { existsSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { containerdFolder, ctr } from "./containerd";
import type { Folders } from "./folders";
import { nodeImages, workloadImages } from "./images";
import type { Step, StepContext } from "./step";

/** Hands the images to containerd, the node's own few first: they let cluster DNS start while the large ones come in. */
export const nodeImagesStep: Step = importStep("import-node-images", "images of the node, imported", nodeImages, [
  "containerd",
  "images",
]);

export const workloadImagesStep: Step = importStep(
  "import-images",
  "images of Istio and the applications, imported",
  workloadImages,
  ["import-node-images"],
);

function importStep(name: string, title: string, archive: (folders: Folders) => string, needs: string[]): Step {
  return {
    name,
    title,
    needs,
    async up({ folders }: StepContext): Promise<void> {
      const done = doneFile(folders, archive(folders));
      if (existsSync(done)) return;
      await ctr(folders, ["images", "import", archive(folders)]);
      writeFileSync(done, "");
    },
    check: async ({ folders }) => (existsSync(doneFile(folders, archive(folders))) ? undefined : "not imported yet"),
  };
}

/** It lies in containerd's own folder, so that it goes when the images go. */
function doneFile(folders: Folders, archive: string): string {
  return join(containerdFolder(folders), `imported-${basename(archive)}`);
}
