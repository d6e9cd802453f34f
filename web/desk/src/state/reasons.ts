/** A reason for an offer, taken apart: `skill:billing:3` is a kind with an id and a level. */
export interface Reason {
  readonly kind: string;
  readonly id: string;
  readonly level: string;
}

/** A reason code of the routing. */
export const reasonOf = (code: string): Reason => {
  const [kind = '', id = '', level = ''] = code.split(':');
  return { kind, id, level };
};

/** Why an offer is declined; what the person types is sent as it is. */
export const DECLINE_REASONS = ['busy', 'not_my_area', 'break'] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export const declineReasonOf = (text: string): DeclineReason | undefined =>
  DECLINE_REASONS.find((reason) => reason === text);
