import { routing } from '@parley/client';

export type Offer = routing.Offer & { readonly offerId: string; readonly conversationId: string };

const { OfferChanged_State: State } = routing;

/** The offers that ring, who waits longest first, after one of them changed. */
export const offerChanged = (
  offers: readonly Offer[],
  { offer, state }: routing.OfferChanged,
): readonly Offer[] => {
  const { offerId, conversationId } = offer ?? {};
  if (!offerId || !conversationId) return offers;
  const others = offers.filter((known) => known.offerId !== offerId);
  // What is accepted for the agent does not ring: the chat announces itself.
  if (state !== State.STATE_PENDING || offer?.autoAccept)
    return others.length === offers.length ? offers : others;
  return [...others, { ...offer, offerId, conversationId }].sort((a, b) =>
    (a.waitingSince ?? '') < (b.waitingSince ?? '') ? -1 : 1,
  );
};

/** Without what has run out: the gateway says so too, but may not be heard while offline. */
export const stillRinging = (offers: readonly Offer[], now: number): readonly Offer[] => {
  const open = offers.filter((offer) => !offer.expiresAt || Date.parse(offer.expiresAt) > now);
  return open.length === offers.length ? offers : open;
};
