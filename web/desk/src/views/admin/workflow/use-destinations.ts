import { routingEvents } from '@parley/client';
import { useAdmin } from '../admin-data.js';
import { useAdminWords } from '../words.js';

const { Overflow } = routingEvents;

/** Where a stage may lead: every queue, a message, the bot; with their names. */
export const useDestinations = (): {
  readonly options: readonly (readonly [string, string])[];
  readonly nameOf: (destination: string) => string;
} => {
  const { t } = useAdminWords();
  const { queues } = useAdmin().data;
  const options: readonly (readonly [string, string])[] = [
    ...queues.map(({ queueId = '', name = '' }) => [`queue:${queueId}`, name || queueId] as const),
    [Overflow.OVERFLOW_TAKE_MESSAGE, t('toMessage')],
    [Overflow.OVERFLOW_BOT, t('toBot')],
  ];
  return {
    options,
    nameOf: (destination) =>
      options.find(([value]) => value === destination)?.[1] ?? destination.replace(/^queue:/, ''),
  };
};
