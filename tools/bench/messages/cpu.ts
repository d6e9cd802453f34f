import { readFileSync } from 'node:fs';
import type { CpuInfo } from 'node:os';
import type { Platform } from '../../../deploy/local/platform.mjs';

/** Linux counts the time of processes in these, on every machine that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU of each process of a platform so far, in microseconds: user and system, all threads. */
export type CpuByProcess = ReadonlyMap<string, number>;

/** Reads /proc. Fails when a process is gone, for then the figures would be of two lives. */
export const readCpu = (platform: Pick<Platform, 'names' | 'child'>): CpuByProcess =>
  new Map(
    platform.names.map((name) => {
      const child = platform.child(name);
      if (child?.pid === undefined || child.restarts > 0)
        throw new Error(`${name} ended during the bench: see its log`);
      return [name, microsOf(child.pid)];
    }),
  );

/** `after` − `before`, by process. */
export const spent = (before: CpuByProcess, after: CpuByProcess): CpuByProcess =>
  new Map([...after].map(([name, micros]) => [name, micros - (before.get(name) ?? 0)]));

export const total = (cpu: CpuByProcess): number =>
  [...cpu.values()].reduce((sum, micros) => sum + micros, 0);

/** How much of the time from `before` to `after` the cores had nothing to do: 0 to 1. */
export const idleShare = (before: readonly CpuInfo[], after: readonly CpuInfo[]): number => {
  const sum = (cores: readonly CpuInfo[], pick: (times: CpuInfo['times']) => number): number =>
    cores.reduce((all, { times }) => all + pick(times), 0);
  const whole = ({ user, nice, sys, idle, irq }: CpuInfo['times']): number => user + nice + sys + idle + irq;
  return (
    (sum(after, ({ idle }) => idle) - sum(before, ({ idle }) => idle)) /
    (sum(after, whole) - sum(before, whole))
  );
};

/** CPU of a process so far, microseconds: user and system, all threads. */
export const microsOf = (pid: number): number => {
  // The name of the program may hold spaces; fields are counted after its closing parenthesis.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS_PER_SECOND;
};
