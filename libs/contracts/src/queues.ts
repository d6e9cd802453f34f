/**
 * The queue of a conversation that asks for none: routing takes it for the tenant's default queue, whatever that is called,
 * and gives it this id where nobody has configured any.
 */
export const DEFAULT_QUEUE_ID = 'default';
