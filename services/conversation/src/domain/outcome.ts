import { failedPrecondition, resourceExhausted } from '@parley/kernel';
import type { Convert, Erase, Rate } from './commands.js';
import { maskCards } from './mask.js';
import { happened, mayKnow, nothing, refuse, type Decision, type Policy } from './rules.js';
import { isOpen, type State } from './state.js';

/** Far more than one chat sells; keeps the state small. */
const MOST_CONVERSIONS = 100;

/** After closing, within the window; a later rating replaces the earlier one. */
export const rate = (policy: Policy, state: State, { by, now, score, comment }: Rate): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (isOpen(state))
    return refuse(
      failedPrecondition('NOT_CLOSED', 'The conversation is still open: rate it once it is closed.'),
    );
  if (now > state.closedAt + policy.afterCloseMs)
    return refuse(
      state.rating > 0
        ? failedPrecondition('ALREADY_RATED', 'It is rated, and too old for that to change.')
        : failedPrecondition('RATING_WINDOW_OVER', 'It was closed too long ago to be rated.'),
    );
  return happened(by, now, { $case: 'ratingGiven', value: { score, comment: maskCards(comment) } });
};

/** Once for each conversion id, while the chat is open and within the window after it. */
export const convert = (policy: Policy, state: State, command: Convert): Decision => {
  const { by, now, conversionId, name, value, currency } = command;
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (state.conversionIds.includes(conversionId)) return nothing;
  if (!isOpen(state) && now > state.closedAt + policy.afterCloseMs)
    return refuse(
      failedPrecondition('CONVERSION_WINDOW_OVER', 'It was closed too long ago for a conversion to count.'),
    );
  if (state.conversionIds.length >= MOST_CONVERSIONS)
    return refuse(
      resourceExhausted(
        'TOO_MANY_CONVERSIONS',
        `A conversation counts ${MOST_CONVERSIONS} conversions at most.`,
      ),
    );
  return happened(by, now, {
    $case: 'conversionRecorded',
    value: { name, value, currency, conversionId },
  });
};

/** Everything up to here loses its content; nothing when no content came since the last time. */
export const erase = (state: State, { by, now, reason }: Erase): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (state.contentVersion <= state.erasedUpTo) return nothing;
  return happened(by, now, { $case: 'contentErased', value: { upToVersion: state.version, reason } });
};
