import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const GRACE_MS = 10_000;

/**
 * The processes that run over a data folder, kept in a file, so that those whose launcher was killed can be ended. A pid
 * is kept with the time at which its process began: the system gives pids out again.
 */
export class ProcessRecord {
  #entries = new Map();

  constructor(file) {
    this.file = file;
  }

  /** Notes the process that now runs under this name. */
  set(name, pid) {
    this.#entries.set(name, { name, pid, since: startOf(pid) });
    writeFileSync(`${this.file}.new`, JSON.stringify([...this.#entries.values()]));
    renameSync(`${this.file}.new`, this.file);
  }

  clear() {
    rmSync(this.file, { force: true });
  }

  /** Ends what an earlier launcher left behind: services first, the log's server last. Returns their names. */
  async endLeftovers() {
    const left = this.#read().filter(isSame);
    await end(left.filter(({ name }) => name !== 'nats'));
    await end(left.filter(({ name }) => name === 'nats'));
    this.clear();
    return left.map(({ name }) => name);
  }

  #read() {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8'));
    } catch {
      return []; // no launcher was here, or the folder is damaged: then others say so
    }
  }
}

async function end(entries) {
  const signal = (name) => {
    for (const { pid } of entries.filter(isSame))
      try {
        process.kill(pid, name);
      } catch {
        // gone meanwhile
      }
  };
  signal('SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  while (entries.some(isSame)) {
    if (Date.now() > deadline) signal('SIGKILL');
    await pause(25);
  }
}

const isSame = ({ pid, since }) => since !== undefined && startOf(pid) === since;

/** When the process of this pid began, in whatever way the system tells it; undefined when there is none. */
function startOf(pid) {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    // The name of the program may hold spaces; fields are counted after its closing parenthesis.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
