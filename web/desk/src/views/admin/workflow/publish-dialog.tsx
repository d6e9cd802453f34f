import { newId } from '@parley/client';
import type { ReactElement } from 'react';
import { useDesk } from '../../../ui/hooks.js';
import { useAdminWords } from '../words.js';
import { CommentDialog } from './comment-dialog.js';

/** Puts the saved draft in force, with a comment for the list of versions. */
export const PublishDialog = ({
  revision,
  onClose,
  onPublished,
}: {
  revision: number;
  onClose: () => void;
  onPublished: () => void;
}): ReactElement => {
  const { connection, notices } = useDesk();
  const { t } = useAdminWords();
  return (
    <CommentDialog
      title={t('publishTitle')}
      text={t('publishText')}
      action={t('publish')}
      onClose={onClose}
      run={async (comment) => {
        const request = { commandId: newId(), draftRevision: revision, comment };
        const { workflow } = await connection.call(
          'parley.routing.v1.RoutingService/PublishWorkflow',
          request,
        );
        notices.show({ kind: 'info', text: t('publishedNotice', { version: workflow?.version ?? 0 }) });
        onPublished();
      }}
    />
  );
};
