/** When a message was sent, and after how long it was durable, with the agent and with the visitor, ms. */
export interface Slow {
  readonly at: string;
  readonly from: 'visitor' | 'agent';
  readonly durable: number;
  readonly agent: number;
  readonly visitor: number;
}

const SLOWEST = 5;

const longestOf = ({ durable, agent, visitor }: Slow): number => Math.max(durable, agent, visitor);

/** The messages of a run that took longest. */
export class Slowest {
  /** The slowest of all first. */
  readonly messages: Slow[] = [];

  /** How long the slowest took, ms; 0 when there was none. */
  get longestMs(): number {
    return this.messages[0] ? longestOf(this.messages[0]) : 0;
  }

  note(from: Slow['from'], durable: number, agent: number, visitor: number): void {
    const whole = [durable, agent, visitor].map(Math.round) as [number, number, number];
    const at = new Date(Date.now() - Math.max(...whole)).toISOString();
    const slow = { at, from, durable: whole[0], agent: whole[1], visitor: whole[2] };
    const last = this.messages[SLOWEST - 1];
    if (last && longestOf(last) >= longestOf(slow)) return;
    this.messages.push(slow);
    this.messages.sort((a, b) => longestOf(b) - longestOf(a)).splice(SLOWEST);
  }
}
