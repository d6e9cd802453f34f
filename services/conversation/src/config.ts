import { defineConfig } from '@parley/service';

const seconds = (value: number, doc: string) => ({ type: 'integer', min: 1, default: value, doc }) as const;

/** Variables of the conversation service beside those that every service has. */
export const config = defineConfig({
  PARLEY_IDLE_CLOSE: seconds(30 * 60, 'seconds without a message after which an open conversation is closed'),
  PARLEY_BOT_REPLY: seconds(
    60,
    'seconds within which a bot has to answer its visitor, who is asked for a message otherwise',
  ),
  PARLEY_PARKED_CLOSE: seconds(24 * 60 * 60, 'seconds without a message after which a parked one is closed'),
  PARLEY_REPLY_PROMISE: seconds(
    24 * 60 * 60,
    'seconds within which a message left for later is answered, promised when routing cannot say by its hours',
  ),
  PARLEY_AFTER_CLOSE: seconds(
    24 * 60 * 60,
    'seconds after closing in which a conversation may be reopened or rated and conversions count',
  ),
});
