import { fork } from 'node:child_process';
import type { Answer, Measured, Order } from './generator.js';

/** The process that makes the load. */
export interface Load {
  readonly pid: number;
  /** Resolves when the order is carried out; one at a time. */
  do(order: Order): Promise<Measured>;
  stop(): void;
}

/** Starts it, of the same bundle as this process. */
export const startLoad = (): Load => {
  const child = fork(process.argv[1]!, ['messages:load'], { stdio: 'inherit', execArgv: [] });
  return {
    pid: child.pid ?? 0,
    do: (order) =>
      new Promise((resolve, reject) => {
        const onExit = (): void => reject(new Error('the process that makes the load has ended'));
        child.once('exit', onExit);
        child.once('message', (answer: Answer) => {
          child.off('exit', onExit);
          if ('error' in answer) reject(new Error(answer.error));
          else resolve(answer.measured);
        });
        child.send(order);
      }),
    stop: () => child.connected && child.disconnect(),
  };
};
