import type { routing } from '@parley/client';
import type { Draft } from '../../../state/admin/workflow.js';

/** What is in force and what is being made of it. */
export interface Standing {
  /** 0: nothing was published yet. */
  readonly inForce: number;
  readonly publishedAt: number;
  readonly publishedBy: string;
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
  hasDraft: draft !== undefined,
  draft: { filters: (draft ?? published)?.filters ?? [], version: draftRevision },
});
