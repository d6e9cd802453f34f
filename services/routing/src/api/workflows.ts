import { wrongField } from '@parley/contracts';
import { notFound } from '@parley/kernel';
import type { RoutingState } from '../domain.js';
import { staffProblems } from '../workflows/staff.js';
import { workflowProblems } from '../workflows/validate.js';
import { executeFor, readFor, type ApiDeps, type RoutingHandlers } from './deps.js';

/** Versions that are listed at most. */
const MOST_VERSIONS = 50;

type WorkflowHandlers = Pick<
  RoutingHandlers,
  | 'getWorkflow'
  | 'listWorkflowVersions'
  | 'saveWorkflowDraft'
  | 'validateWorkflow'
  | 'publishWorkflow'
  | 'rollBackWorkflow'
>;

const draftOf = ({ draft, draftRevision }: RoutingState) => ({ draft, draftRevision });
const publishedOf = ({ workflows, published }: RoutingState) => ({ workflow: workflows.get(published) });

/** Handlers of the workflow: its draft, its versions, and which is in force. */
export const workflowHandlers = (deps: Pick<ApiDeps, 'writer'>): WorkflowHandlers => {
  const execute = executeFor(deps);
  const read = readFor(deps);
  return {
    getWorkflow: ({ version }, context) =>
      read(context, (state) => {
        const published = state.workflows.get(version || state.published);
        if (!published && version)
          throw notFound(
            'NO_SUCH_VERSION',
            `There is no version ${version} any more; ListWorkflowVersions shows those there are.`,
          );
        return { published, ...draftOf(state) };
      }),

    listWorkflowVersions: (_request, context) =>
      read(context, ({ workflows }) => ({
        versions: [...workflows.values()]
          .sort((a, b) => b.version - a.version)
          .slice(0, MOST_VERSIONS)
          .map((workflow) => ({ ...workflow, filters: [] })),
      })),

    async saveWorkflowDraft({ commandId, workflow, expectedRevision, mustBeNew }, context) {
      if (!workflow)
        throw wrongField('parley.routing.v1.SaveWorkflowDraftRequest', 'workflow', 'is required');
      const expected = { expectedVersion: expectedRevision, mustBeNew };
      return execute(context, commandId, { kind: 'saveWorkflowDraft', workflow, ...expected }, draftOf);
    },

    async validateWorkflow({ workflow }, context) {
      if (!workflow) throw wrongField('parley.routing.v1.ValidateWorkflowRequest', 'workflow', 'is required');
      return read(context, (state) => {
        const catalogue = {
          queueIds: new Set(state.queues.keys()),
          skillIds: new Set(state.skills.keys()),
        };
        const problems = [...workflowProblems(workflow, catalogue), ...staffProblems(workflow, state)];
        return { problems: problems.map((problem) => ({ ...problem, warning: problem.warning ?? false })) };
      });
    },

    publishWorkflow: ({ commandId, draftRevision, comment }, context) => {
      const publishedBy = context.principal.id;
      const command = { kind: 'publishWorkflow', draftRevision, comment, publishedBy } as const;
      return execute(context, commandId, command, publishedOf);
    },

    rollBackWorkflow: ({ commandId, ...which }, context) => {
      const publishedBy = context.principal.id;
      const command = { kind: 'rollBackWorkflow', ...which, publishedBy } as const;
      return execute(context, commandId, command, publishedOf);
    },
  };
};
