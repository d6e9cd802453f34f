import { failedPrecondition, invalidArgument, type Clock } from '@parley/kernel';
import { keyOf, type Collections, type MailRequestDoc } from '../documents.js';
import type { Allowance } from './allowance.js';
import { quotasOf } from './quotas.js';

/** One mail address, nothing that a mail program could read as more. */
export const EMAIL = /^[^\s@<>"',;:\\()[\]]{1,64}@[^\s@<>"',;:\\()[\]]{1,255}$/;

export interface MailWish {
  readonly commandId: string;
  readonly conversationId: string;
  /** The visitor who asks; empty when staff or a program does. */
  readonly visitorId: string;
  readonly email: string;
  readonly locale: string;
  /** As far as its owner knows. */
  readonly closed: boolean;
}

/** Takes wishes for transcripts by mail. */
export class MailRequests {
  constructor(
    private readonly docs: Pick<Collections, 'requests' | 'conversations'>,
    private readonly allowance: Allowance,
    /** Of one tenant in a day. */
    private readonly mostPerDay: number,
    private readonly clock: Clock,
    private readonly onMails: () => void,
  ) {}

  /**
   * Notes the wish; the same command id again changes nothing. ApiError invalidArgument for what is no mail address,
   * resourceExhausted where the conversation or, for visitors, the address, they or the tenant have had their share: nobody
   * is to be flooded through us.
   */
  async add(tenant: string, wish: MailWish): Promise<void> {
    const { commandId, conversationId, email, locale, closed } = wish;
    if (!EMAIL.test(email)) throw invalidArgument('email', 'give one mail address, such as name@example.com');
    const { requests, conversations } = this.docs;
    const conversation = keyOf(tenant, conversationId);
    const id = keyOf(tenant, commandId);
    const before = await requests.get(id);
    if (before) {
      if (before.conversation === conversation) return;
      throw failedPrecondition(
        'COMMAND_ID_USED',
        'This command id was used for another conversation: make a new one.',
      );
    }
    const now = this.clock.now();
    const quotas = quotasOf({ ...wish, tenant }, now, this.mostPerDay, () => this.asked(conversation));
    await this.allowance.take(quotas);
    const request: MailRequestDoc = {
      id,
      version: 1,
      tenant,
      conversation,
      conversationId,
      email,
      locale,
      state: closed ? 'pending' : 'waiting',
      attempts: 0,
      nextAttemptAt: now,
      lastError: '',
    };
    if (!(await requests.insert(request))) return this.allowance.giveBack(quotas);
    // It may have been closed between the question and the insert; then the projection has not seen this request.
    if (!closed && (await conversations.get(conversation))?.closed)
      await requests.replaceIf({ ...request, version: 2, state: 'pending' }, 1);
    this.onMails();
  }

  private async asked(conversation: string): Promise<number> {
    const counts = (['waiting', 'pending', 'sent', 'dead'] as const).map((state) =>
      this.docs.requests.count({ conversation, state }),
    );
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }
}
