import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { dump, load } from "js-yaml";
import type { ExportedState } from "../../demo/repair";
import { fillPulumiHome, pulumiEnvironment } from "../../lab/pulumiHome";
import { eventually } from "./eventually";
import { processesWith } from "./processes";
import { ensurePulumiPrograms } from "./pulumiPrograms";

const CHECKOUT = dirname(dirname(__dirname));
const STACK = "test";

export interface EngineOptions {
  /** The folder of the program, with its Pulumi.yaml. Nothing is written there. Default: this project itself. */
  program?: string;
  /** The stack's config, as under `config:` in a stack's file: full keys to values, objects allowed. */
  config?: Record<string, unknown>;
  /** A kubeconfig file. Default: none, so that no cluster is ever touched. */
  kubeconfig?: string;
  /** More environment, or other values for it. */
  environment?: Record<string, string>;
}

/** How a command of the engine ended. */
export interface Outcome {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** The engine's events in order, where the command has any (up, preview, refresh, destroy). */
  events: EngineEvent[];
}

/** An event as in Pulumi's `apitype.EngineEvent`: one of its fields is set, these among others. */
export interface EngineEvent {
  diagnosticEvent?: { message: string; severity: string; urn?: string };
  policyEvent?: { policyName: string; message: string; enforcementLevel: string; resourceUrn?: string };
  resourcePreEvent?: { metadata: { op: string; urn: string; type: string } };
  summaryEvent?: { resourceChanges: Record<string, number> };
}

/** The real engine, with a Pulumi folder, a backend and a stack of its own that `close` removes. */
export class Engine {
  private commands = 0;

  private constructor(
    /** The temporary folder. */
    readonly folder: string,
    /** What `pulumi` is started with. */
    readonly environment: Record<string, string>,
    private readonly pulumi: string,
    private readonly program: string,
  ) {}

  /** Makes folder and stack. Builds Pulumi's programs when they are not in the cache (minutes, once). */
  static async open({ program = CHECKOUT, config = {}, kubeconfig, environment }: EngineOptions = {}): Promise<Engine> {
    const { pulumi, kubernetesPlugin } = await ensurePulumiPrograms();
    const folder = mkdtempSync(join(tmpdir(), "controlled-egress-engine-"));
    fillPulumiHome({ pulumi: folder }, { project: CHECKOUT, kubernetesPlugin });
    const engine = new Engine(
      folder,
      {
        PATH: process.env.PATH ?? "",
        HOME: folder,
        ...(kubeconfig ? { KUBECONFIG: kubeconfig } : {}), // else none is found: HOME is empty
        ...pulumiEnvironment({ pulumi: folder }),
        PULUMI_DEBUG_COMMANDS: "true", // for --event-log
        ...environment,
      },
      pulumi,
      program,
    );
    engine.writeConfig(config);
    await engine.makeStack();
    return engine;
  }

  /** Replaces the stack's whole config. */
  writeConfig(config: Record<string, unknown>): void {
    writeFileSync(this.configFile, dump({ config }));
  }

  preview(...args: string[]): Promise<Outcome> {
    return this.deploy("preview", args);
  }

  up(...args: string[]): Promise<Outcome> {
    return this.deploy("up", ["--yes", ...args]);
  }

  refresh(...args: string[]): Promise<Outcome> {
    return this.deploy("refresh", ["--yes", ...args]);
  }

  /** Looks for drift and changes nothing; exit code 7 when the engine sees any. */
  drift(): Promise<Outcome> {
    return this.deploy("refresh", ["--preview-only", "--expect-no-changes"]);
  }

  destroy(...args: string[]): Promise<Outcome> {
    return this.deploy("destroy", ["--yes", ...args]);
  }

  /** The stack's state, as `pulumi stack export` prints it. */
  async exportState(): Promise<{
    deployment: { resources?: Array<Record<string, unknown>> } & NonNullable<ExportedState["deployment"]>;
  }> {
    const { exitCode, stdout, stderr } = await this.run("stack", "export", "--stack", STACK);
    if (exitCode !== 0) throw new Error(`pulumi stack export: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** Runs the policy pack in the folder `pack` over a state, given as the text of an export. */
  async analyze(pack: string, state: string, ...args: string[]): Promise<Outcome> {
    const file = join(this.folder, "state.json");
    writeFileSync(file, state);
    return this.run("policy", "analyze", "--file", file, "--policy-pack", pack, ...args);
  }

  /** Runs any command of the CLI in the program's folder to its end, whatever its exit code. */
  async run(...args: string[]): Promise<Outcome> {
    const { exitCode, stdout, stderr, failed, shortMessage } = await this.start(...args);
    if (exitCode === undefined) throw new Error(failed ? shortMessage : "pulumi ended by a signal");
    return { exitCode, stdout, stderr, events: [] };
  }

  /** Starts `up` and gives its process once `isUnderWay`, for tests that break into it. Throws when it ends before. */
  async startUp(isUnderWay: () => boolean, ...args: string[]) {
    const up = this.start("up", "--yes", ...this.stackArguments(), ...args);
    const tooSoon = up.then(({ stdout, stderr }) => {
      throw new Error(`up ended too soon: ${stdout}${stderr}`);
    });
    await Promise.race([eventually("up is under way", isUnderWay), tooSoon]);
    tooSoon.catch(() => {});
    return { process: up };
  }

  /** Every process that this engine has started, directly or not, and that still lives. */
  processes(): { pid: number; command: string }[] {
    return processesWith(`PULUMI_HOME=${this.environment.PULUMI_HOME}`);
  }

  /** Ends what is left and removes the folder. */
  close(): void {
    for (const { pid } of this.processes()) process.kill(pid, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get configFile(): string {
    return join(this.folder, `Pulumi.${STACK}.yaml`);
  }

  private stackArguments(): string[] {
    return ["--stack", STACK, "--config-file", this.configFile, "--color", "never"];
  }

  private async deploy(command: string, args: string[]): Promise<Outcome> {
    const log = join(this.folder, `events-${++this.commands}.jsonl`);
    const outcome = await this.run(command, ...this.stackArguments(), "--event-log", log, ...args);
    return { ...outcome, events: readEvents(log) };
  }

  private start(...args: string[]): ResultPromise<{ reject: false; extendEnv: false; stdin: "ignore" }> {
    return execa(this.pulumi, ["-C", this.program, "--non-interactive", ...args], {
      env: this.environment,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
  }

  // From another folder with a project of the same name: `stack init` writes beside the program's Pulumi.yaml.
  private async makeStack(): Promise<void> {
    const { name } = load(readFileSync(join(this.program, "Pulumi.yaml"), "utf8")) as { name: string };
    const project = join(this.folder, "project");
    mkdirSync(project);
    writeFileSync(join(project, "Pulumi.yaml"), dump({ name, runtime: "nodejs" }));
    await execa(this.pulumi, ["-C", project, "stack", "init", STACK, "--non-interactive"], {
      env: this.environment,
      extendEnv: false,
    });
  }
}

/** How many resources the command created, updated, deleted … or left the `same`, from its last event. */
export function resourceChanges({ events }: Outcome): Record<string, number> {
  return events.findLast((event) => event.summaryEvent)?.summaryEvent?.resourceChanges ?? {};
}

function readEvents(log: string): EngineEvent[] {
  if (!existsSync(log)) return []; // refused before it began
  const lines = readFileSync(log, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}
