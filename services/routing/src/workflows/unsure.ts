import type { routing } from '@parley/contracts';
import { contextOf } from '../domain/routes.js';
import { compileFilter, namesIn } from '../expressions/expressions.js';
import type { Arrival } from './recording.js';

/** What no recording has: it is personal, and used at entry only. */
const NEVER_KEPT = ['prechat', 'contact', 'contactVerified'];

/**
 * Tells of an arrival whether the choice of its filter rests on something that was not recorded: a filter that asks for
 * it comes before the first one that matches for certain, or is that one.
 */
export const unsureBy = (workflow: routing.Workflow | undefined): ((arrival: Arrival) => boolean) => {
  const filters = (workflow?.filters ?? []).map(({ when }) => {
    const names = namesIn(when);
    return {
      matches: compileFilter(when),
      asksUnkept: NEVER_KEPT.some((name) => names.has(name)),
      asksQueue: names.has('queue'),
    };
  });
  return ({ entry, queueKnown }) => {
    const context = contextOf(entry, undefined);
    for (const { matches, asksUnkept, asksQueue } of filters) {
      if (asksUnkept || (asksQueue && !queueKnown)) return true;
      if (matches(context)) return false;
    }
    return false;
  };
};
