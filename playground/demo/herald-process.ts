import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Actions, HeraldStatus, LogLine } from "../shared/protocol.ts";
import type { Runner } from "../live/runner.ts";
import { Broadcasts, type Turn } from "./broadcasts.ts";
import { type ChildOptions, startChild } from "./child.ts";
import { readLogLine, UP } from "./log-line.ts";

export interface HeraldOptions extends Pick<ChildOptions, "environment" | "folder"> {
  /** Called when a campaign starts, pauses, ends, or goes on. */
  onCampaign?: (turn: Turn, id: number) => void;
}

const ROOT = new URL("../../", import.meta.url);

/** Herald gives calls in flight 8 s, and itself little more. */
const PATIENCE_MS = 10_000;

const MOST_LINES = 200;

/** Longer output is cut. */
const LONGEST_LAST_WORDS = 2_000;

/** Herald as a process that can be killed and started again. Its database survives, as it would anywhere. */
export class HeraldProcess implements Runner {
  readonly #options: HeraldOptions;
  readonly #lines: LogLine[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #broadcasts: Broadcasts;
  #status: HeraldStatus = { state: "starting", kills: 0 };
  #child: ChildProcess | undefined;
  /** What the process has written to stderr. */
  #complaints = "";
  /** Whether the process is meant to end. */
  #ending = false;
  /** Nothing is started from now on. */
  #closed = false;

  constructor(options: HeraldOptions) {
    this.#options = options;
    this.#broadcasts = new Broadcasts((turn, id) => options.onCampaign?.(turn, id));
  }

  get status(): HeraldStatus {
    return this.#status;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  /**
   * `kill` resolves when the process is gone; `start` and `restart` when there is a new one, which is not up yet. If
   * the demo stops during a restart, no new one is started.
   */
  async act(what: Actions["herald"]["do"]): Promise<void> {
    if (this.#closed) throw new Error("The demo is ending.");
    switch (what) {
      case "start":
        if (this.#status.state !== "stopped") throw new Error(`Herald is ${this.#status.state} already.`);
        return this.launch();
      case "kill":
        return this.#kill();
      case "restart":
        await this.#kill();
        return this.launch();
    }
  }

  /**
   * Starts it, unless it runs or the demo is stopping. The demo makes the first start; until then the state is
   * "starting".
   */
  launch(): void {
    if (this.#closed || this.#child !== undefined) return;
    const { environment, folder } = this.#options;
    const child = startChild(startArguments(), { environment, folder });
    this.#child = child;
    this.#ending = false;
    this.#complaints = "";
    this.#broadcasts.begin();
    createInterface({ input: child.stdout }).on("line", (line) => this.#readLine(line, "info"));
    createInterface({ input: child.stderr }).on("line", (line) => {
      this.#complaints += `${line}\n`;
      this.#readLine(line, "error");
    });
    child.once("error", (error) => (this.#complaints += `${error.message}\n`));
    child.once("close", (code, signal) => this.#ended(code, signal));
    const { kills } = this.#status;
    this.#setStatus({ state: "starting", ...(child.pid !== undefined && { pid: child.pid }), kills });
  }

  /**
   * Resolves when Herald is up, even if it was killed and started again. If it exits by itself, rejects with what it
   * printed.
   */
  async up(): Promise<void> {
    for (;;) {
      const { state, lastWords } = this.#status;
      if (state === "running") return;
      if (this.#closed) throw new Error("The demo is ending.");
      if (lastWords !== undefined) throw new Error(lastWords);
      await this.#change();
    }
  }

  /** Shuts it down with SIGTERM, and after 10 s with SIGKILL. */
  async stop(): Promise<void> {
    this.#closed = true;
    this.#ending = true;
    this.#tell();
    const child = this.#child;
    if (child !== undefined) {
      const over = once(child, "close");
      child.kill("SIGTERM");
      const timer = setTimeout(() => this.killNow(), PATIENCE_MS);
      await over;
      clearTimeout(timer);
    }
  }

  /** Kills it without waiting, which is all that can be done while this process exits. */
  killNow(): void {
    this.#child?.kill("SIGKILL");
  }

  async #kill(): Promise<void> {
    if (this.#child === undefined)
      throw new Error(`Herald ${this.#status.state === "starting" ? "is not started yet" : "does not run"}.`);
    if (this.#ending) throw new Error("Herald is being killed already.");
    this.#ending = true;
    this.#status = { ...this.#status, kills: this.#status.kills + 1 };
    const over = once(this.#child, "close");
    this.killNow();
    await over;
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.#child = undefined;
    const { kills } = this.#status;
    const how = signal === null ? `ended with exit code ${code}` : `ended by ${signal}`;
    this.#add({ at: Date.now(), level: this.#ending ? "info" : "error", text: `Herald ${how}` });
    const words = this.#complaints.trim().slice(0, LONGEST_LAST_WORDS);
    this.#setStatus({
      state: "stopped",
      kills,
      ...(!this.#ending && { lastWords: words || `Herald ${how}.` }),
    });
  }

  #readLine(text: string, level: LogLine["level"]): void {
    if (text.trim() === "") return;
    const entry = readLogLine(text, level, Date.now());
    this.#add(entry.line);
    this.#broadcasts.hear(entry);
    if (entry.event === UP && this.#status.state === "starting")
      this.#setStatus({ ...this.#status, state: "running" });
    else this.#tell();
  }

  #add(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
  }

  #setStatus(status: HeraldStatus): void {
    this.#status = status;
    this.#tell();
  }

  #tell(): void {
    for (const changed of this.#watchers) changed();
  }

  /** Resolves at the next change. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const forget = this.watch(() => {
        forget();
        resolve();
      });
    });
  }
}

/** Node's arguments from package.json's `start`, so that the demo runs what is run elsewhere. */
function startArguments(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")) as {
    scripts: { start: string };
  };
  const [, ...given] = scripts.start.split(" ");
  return given.map((argument) =>
    argument.startsWith("-") ? argument : fileURLToPath(new URL(argument, ROOT)),
  );
}
