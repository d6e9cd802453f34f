import type { Page } from '@parley/store';
import type { Collections, MailDoc } from './documents.js';

/** Mails of the local mailbox, newest first. */
export const openMailbox = ({ mails }: Pick<Collections, 'mails'>) => ({
  list: (tenant: string, page: { limit: number; cursor?: string }): Promise<Page<MailDoc>> =>
    mails.find({ filter: { tenant }, sort: { field: 'sentAt', direction: 'desc' }, ...page }),
});
