/** When clients are to leave a gateway that goes down: not before, and spread over so much, ms. */
const LEAVE_MS = 200;
export const SPREAD_MS = 1600;

/** By when the last client has been asked to have left, ms. */
export const LEFT_BY_MS = LEAVE_MS + SPREAD_MS;

/** For one client: how long until it is to leave a gateway that goes down, ms; another for each, so that no storm comes. */
export const leaveAfterMs = (): number => Math.floor(LEAVE_MS + Math.random() * SPREAD_MS);
