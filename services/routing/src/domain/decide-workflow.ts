import type { routing } from '@parley/contracts';
import { failedPrecondition, notFound } from '@parley/kernel';
import type { Decision } from './decision.js';
import { refusedFor } from './problems.js';
import type { Refusal } from './refusal.js';
import { unlessAt, type Expected } from './versions.js';

const checked = ({ state, ports }: Decision, workflow: routing.Workflow): Refusal =>
  refusedFor(
    'workflow',
    ports.workflowProblems(workflow, {
      queueIds: new Set(state.queues.keys()),
      skillIds: new Set(state.skills.keys()),
    }),
  );

/** Keeps a draft; nothing goes by it before it is published. */
export const saveWorkflowDraft = (
  decision: Decision,
  workflow: routing.Workflow,
  expected: Expected,
): Refusal => {
  const revision = decision.state.draftRevision;
  const refusal = unlessAt('draft', revision, expected, 'expectedRevision') ?? checked(decision, workflow);
  if (refusal) return refusal;
  const draft = { ...workflow, version: 0, publishedBy: '', publishedAt: undefined };
  decision.emit({ $case: 'workflowDraftSaved', value: { workflow: draft, revision: revision + 1 } });
  return undefined;
};

interface Publication {
  readonly comment: string;
  readonly publishedBy: string;
}

const publish = (
  decision: Decision,
  workflow: routing.Workflow,
  { comment, publishedBy }: Publication,
): Refusal => {
  // What it names may have been removed since.
  const refusal = checked(decision, workflow);
  if (refusal) return refusal;
  const version = decision.state.published + 1;
  const publishedAt = new Date(decision.now);
  decision.emit({
    $case: 'workflowPublished',
    value: { workflow: { ...workflow, version, comment, publishedBy, publishedAt } },
  });
  return undefined;
};

/** Publishes the draft as the next version; chats that wait already finish on theirs. */
export const publishWorkflow = (
  decision: Decision,
  command: Publication & { readonly draftRevision: number },
): Refusal => {
  const { draft, draftRevision } = decision.state;
  if (!draft) return failedPrecondition('NO_DRAFT', 'There is no draft to publish; save one first.');
  return (
    unlessAt('draft', draftRevision, { expectedVersion: command.draftRevision }, 'draftRevision') ??
    publish(decision, draft, command)
  );
};

/** Publishes an earlier version again, as the next one. */
export const rollBackWorkflow = (
  decision: Decision,
  command: Publication & Expected & { readonly version: number },
): Refusal => {
  const earlier = decision.state.workflows.get(command.version);
  if (!earlier)
    return notFound(
      'NO_SUCH_VERSION',
      `There is no version ${command.version} any more; ListWorkflowVersions shows those there are.`,
    );
  if (command.version === decision.state.published)
    return failedPrecondition('IN_FORCE', `Version ${command.version} is the one in force already.`);
  return (
    unlessAt('workflow in force', decision.state.published, command) ?? publish(decision, earlier, command)
  );
};
