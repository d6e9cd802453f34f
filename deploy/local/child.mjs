import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

/** A process that exits with this code says that starting it again would not help (see libs/service). */
const EXIT_CONFIG = 78;
const KEPT_LINES = 20;

/**
 * A supervised process: started again when it ends by itself, with a growing pause; given up when it says that a
 * restart would not help, or when it ended six times in a row without living for ten seconds.
 */
export class Child {
  #process;
  #stopping = false;
  #shortLives = 0;
  #restartTimer;
  #lines = [];
  #exited = Promise.resolve();

  /**
   * `spec`: { name, command, args, env, logFile }; `onEvent(kind, text)` hears "spawn" (with the pid), "restart" and
   * "failed".
   */
  constructor(spec, onEvent) {
    this.spec = spec;
    this.onEvent = onEvent;
    this.restarts = 0;
  }

  get name() {
    return this.spec.name;
  }

  get pid() {
    return this.#process?.pid;
  }

  start() {
    const { command, args, env, logFile } = this.spec;
    const startedAt = Date.now();
    this.#stopping = false;
    const log = createWriteStream(logFile, { flags: 'a' });
    log.on('error', () => {}); // a full disk is told by the services
    // A group of its own: Ctrl-C reaches the launcher alone, which stops everything in order.
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#process = child;
    if (child.pid) this.onEvent('spawn', child.pid);
    const keep = (chunk) => {
      log.write(chunk);
      this.#lines = [...this.#lines, ...String(chunk).split('\n').filter(Boolean)].slice(-KEPT_LINES);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        keep(`${command}: ${error.message}\n`);
        resolve({ code: EXIT_CONFIG });
      });
      child.once('close', (code, signal) => resolve({ code, signal }));
    }).then((outcome) => {
      log.end();
      if (this.#process === child) this.#process = undefined;
      if (!this.#stopping) this.#onUnexpectedEnd(outcome, Date.now() - startedAt);
    });
  }

  #onUnexpectedEnd({ code, signal }, livedMs) {
    this.#shortLives = livedMs < 10_000 ? this.#shortLives + 1 : 0;
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    if (code === EXIT_CONFIG || this.#shortLives >= 6) {
      this.onEvent('failed', this.lastLine() ?? how);
      return;
    }
    // The first time at once: a killed process should be missed as shortly as can be.
    const pause = this.#shortLives <= 1 ? 0 : Math.min(5000, 200 * 2 ** this.#shortLives);
    this.onEvent('restart', `${how}; starting it again`);
    this.restarts++;
    this.#restartTimer = setTimeout(() => this.start(), pause);
  }

  /** What it printed last that is meant for people: the message of a JSON log line, else the line. */
  lastLine() {
    const line = this.#lines.findLast((text) => !/^(    at |[\s}\]]*$|Node\.js v| +\w+: )/.test(text));
    try {
      const { msg, err } = JSON.parse(line);
      return err?.message ?? msg;
    } catch {
      return line?.trim();
    }
  }

  signal(signal) {
    this.#process?.kill(signal);
  }

  /** Ends it for good, at once. */
  kill() {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    this.signal('SIGKILL');
  }

  /** Ends it for good: SIGTERM, and SIGKILL when it has not gone after `graceMs`. */
  async stop(graceMs = 30_000) {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    if (!this.#process) return;
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    await this.#exited;
    clearTimeout(timer);
  }
}
