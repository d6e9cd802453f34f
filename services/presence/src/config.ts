import { defineConfig } from '@parley/service';

const ms = (value: number, doc: string) => ({ type: 'integer', min: 100, default: value, doc }) as const;

/** Variables of the presence service. */
export const config = defineConfig({
  PARLEY_AGENT_GRACE_MS: ms(8_000, 'how long an agent whose last socket closed still counts as online'),
  PARLEY_AGENT_RESET_MS: ms(600_000, 'after this long without a socket an agent is set to offline'),
  PARLEY_VISITOR_LEFT_MS: ms(60_000, 'after this long without a socket a visitor has left'),
});
