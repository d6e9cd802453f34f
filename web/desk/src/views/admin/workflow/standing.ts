import type { routing } from '@parley/client';
import { same } from '../../../state/admin/merge.js';
import type { Draft } from '../../../state/admin/workflow.js';

/** What is in force and what is being made of it. */
export interface Standing {
  /** 0: nothing was published yet. */
  readonly inForce: number;
  readonly publishedAt: number;
  readonly publishedBy: string;
  /** The draft says something else than what is in force. */
  readonly hasDraft: boolean;
  /** The draft; without one, what is in force, to begin from. */
  readonly draft: Draft;
}

export const standingOf = ({
  published,
  draft,
  draftRevision = 0,
}: routing.GetWorkflowResponse): Standing => ({
  inForce: published?.version ?? 0,
  publishedAt: Date.parse(published?.publishedAt ?? ''),
  publishedBy: published?.publishedBy ?? '',
  // A published draft is kept.
  hasDraft: draft !== undefined && !same(draft.filters ?? [], published?.filters ?? []),
  draft: { filters: (draft ?? published)?.filters ?? [], version: draftRevision },
});
