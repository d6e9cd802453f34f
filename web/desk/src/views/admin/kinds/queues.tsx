import { newId, routingEvents } from '@parley/client';
import type { ReactElement } from 'react';
import { NumberField, SelectField, SwitchField } from '../../../ui/fields.js';
import { useAdmin } from '../admin-data.js';
import type { FieldsProps, Kind } from '../entity-section.js';
import { FormGroup } from '../form-group.js';
import { NameFields } from '../name-fields.js';
import { type AdminWord, useAdminWords } from '../words.js';

type Queue = routingEvents.Queue;
const { FailsafeAction, DisconnectPolicy } = routingEvents;
const SERVICE = 'parley.routing.v1.RoutingService';

/** The numbers of a queue: field, word, what empty means, unit, most. */
type NumberName = {
  [K in keyof Queue]-?: Queue[K] extends number | undefined ? K : never;
}[keyof Queue];
interface NumberOf {
  readonly field: Exclude<NumberName, 'version'>;
  readonly label: AdminWord;
  readonly hint: AdminWord;
  /** The default in its unit; undefined: no limit. */
  readonly fallback?: number | 'off';
  readonly unit?: string;
  readonly max: number;
}

const OFFERS: readonly NumberOf[] = [
  {
    field: 'offerTimeoutSeconds',
    label: 'offerTimeout',
    hint: 'offerTimeoutHint',
    fallback: 20,
    unit: 's',
    max: 600,
  },
  { field: 'offerTo', label: 'offerTo', hint: 'offerToHint', fallback: 1, max: 5 },
  {
    field: 'firstReplySeconds',
    label: 'firstReply',
    hint: 'firstReplyHint',
    fallback: 'off',
    unit: 's',
    max: 3600,
  },
  { field: 'wrapUpSeconds', label: 'wrapUp', hint: 'wrapUpHint', fallback: 'off', unit: 's', max: 3600 },
];
const LIMITS: readonly NumberOf[] = [
  { field: 'maxWaiting', label: 'maxWaiting', hint: 'maxWaitingHint', max: 1_000_000 },
  { field: 'maxWaitSeconds', label: 'maxWait', hint: 'maxWaitHint', unit: 's', max: 86_400 },
  {
    field: 'serviceLevelSeconds',
    label: 'serviceLevel',
    hint: 'serviceLevelHint',
    fallback: 30,
    unit: 's',
    max: 3600,
  },
];

const Numbers = ({
  form,
  numbers,
}: {
  form: FieldsProps<Queue>['form'];
  numbers: readonly NumberOf[];
}): ReactElement => {
  const { t } = useAdminWords();
  return (
    <>
      {numbers.map(({ field, label, hint, fallback, unit, max }) => (
        <NumberField
          key={field}
          label={t(label)}
          hint={t(hint)}
          error={form.problem(field)}
          none={
            fallback === undefined
              ? t('noLimit')
              : fallback === 'off'
                ? t('off')
                : t('defaultOf', { value: fallback })
          }
          {...(unit ? { unit } : {})}
          max={max}
          value={form.value[field] ?? 0}
          onChange={(next) => form.set({ [field]: next })}
        />
      ))}
    </>
  );
};

const Fields = ({ form, isNew }: FieldsProps<Queue>): ReactElement => {
  const { value, set, problem } = form;
  const { t } = useAdminWords();
  const { queues, schedules } = useAdmin().data;
  const action = value.failsafeAction ?? FailsafeAction.FAILSAFE_ACTION_UNSPECIFIED;
  return (
    <>
      <NameFields form={form} idField="queueId" isNew={isNew} />
      <SwitchField
        label={t('isDefault')}
        hint={t('isDefaultHint')}
        error={problem('isDefault')}
        on={value.isDefault ?? false}
        onChange={(isDefault) => set({ isDefault })}
      />
      <FormGroup title={t('groupHours')} lead={t('queueHoursLead')}>
        <SelectField
          label={t('hours')}
          error={problem('scheduleId')}
          value={value.scheduleId ?? ''}
          options={[
            ['', t('alwaysOpen')],
            ...schedules.map(({ scheduleId = '', name = '' }): [string, string] => [
              scheduleId,
              name || scheduleId,
            ]),
          ]}
          onChange={(scheduleId) => set({ scheduleId })}
        />
        <NumberField
          label={t('replyPromise')}
          hint={t('replyPromiseHint')}
          error={problem('replyPromiseMinutes')}
          none={t('defaultOf', { value: 480 })}
          unit="min"
          max={20_160}
          value={value.replyPromiseMinutes ?? 0}
          onChange={(replyPromiseMinutes) => set({ replyPromiseMinutes })}
        />
      </FormGroup>
      <FormGroup title={t('groupOffers')} lead={t('queueOffersLead')}>
        <Numbers form={form} numbers={OFFERS} />
      </FormGroup>
      <FormGroup title={t('groupLimits')} lead={t('queueLimitsLead')}>
        <Numbers form={form} numbers={LIMITS} />
      </FormGroup>
      <FormGroup title={t('groupFailsafe')} lead={t('failsafeLead')}>
        <NumberField
          label={t('failsafeAfter')}
          error={problem('failsafeSeconds')}
          none={t('defaultOf', { value: 60 })}
          unit="s"
          max={60}
          value={value.failsafeSeconds ?? 0}
          onChange={(failsafeSeconds) => set({ failsafeSeconds })}
        />
        <SelectField
          label={t('failsafeAction')}
          error={problem('failsafeAction')}
          value={
            action === FailsafeAction.FAILSAFE_ACTION_UNSPECIFIED
              ? FailsafeAction.FAILSAFE_ACTION_TELL
              : action
          }
          options={[
            [FailsafeAction.FAILSAFE_ACTION_TELL, t('failsafeTell')],
            [FailsafeAction.FAILSAFE_ACTION_MOVE, t('failsafeMove')],
            [FailsafeAction.FAILSAFE_ACTION_ESCALATE, t('failsafeEscalate')],
            [FailsafeAction.FAILSAFE_ACTION_OVERFLOW, t('failsafeOverflow')],
          ]}
          onChange={(failsafeAction) => set({ failsafeAction })}
        />
        {action === FailsafeAction.FAILSAFE_ACTION_MOVE && (
          <SelectField
            label={t('failsafeQueue')}
            error={problem('failsafeQueueId')}
            value={value.failsafeQueueId ?? ''}
            options={[
              ['', t('chooseQueue')],
              ...queues
                .filter(({ queueId }) => queueId !== value.queueId)
                .map(({ queueId = '', name = '' }): [string, string] => [queueId, name || queueId]),
            ]}
            onChange={(failsafeQueueId) => set({ failsafeQueueId })}
          />
        )}
      </FormGroup>
      <FormGroup title={t('groupDisconnect')} lead={t('disconnectLead')}>
        <NumberField
          label={t('disconnectGrace')}
          error={problem('disconnectGraceSeconds')}
          none={t('defaultOf', { value: 60 })}
          unit="s"
          max={600}
          value={value.disconnectGraceSeconds ?? 0}
          onChange={(disconnectGraceSeconds) => set({ disconnectGraceSeconds })}
        />
        <SelectField
          label={t('disconnectPolicy')}
          error={problem('disconnectPolicy')}
          value={
            value.disconnectPolicy === DisconnectPolicy.DISCONNECT_POLICY_HOLD
              ? DisconnectPolicy.DISCONNECT_POLICY_HOLD
              : DisconnectPolicy.DISCONNECT_POLICY_REQUEUE
          }
          options={[
            [DisconnectPolicy.DISCONNECT_POLICY_REQUEUE, t('disconnectRequeue')],
            [DisconnectPolicy.DISCONNECT_POLICY_HOLD, t('disconnectHold')],
          ]}
          onChange={(disconnectPolicy) => set({ disconnectPolicy })}
        />
      </FormGroup>
    </>
  );
};

/** Queues: where chats wait, and what is done about those that wait too long. */
export const queues: Kind<Queue> = {
  section: 'queues',
  method: 'PutQueue',
  idField: 'queueId',
  words: { title: 'queues', lead: 'queuesLead', add: 'addQueue', none: 'noQueues', remove: 'removeQueue' },
  all: (data) => data.queues,
  detailOf: ({ queueId = '', isDefault, scheduleId }, { agents, schedules }, { t }) =>
    [
      isDefault && t('isDefaultShort'),
      schedules.find((schedule) => schedule.scheduleId === scheduleId)?.name ?? t('alwaysOpen'),
      t('agentCount', { count: agents.filter((agent) => agent.queueIds?.includes(queueId)).length }),
    ]
      .filter(Boolean)
      .join(' · '),
  blank: () => ({}),
  labels: {
    name: 'name',
    isDefault: 'isDefault',
    scheduleId: 'hours',
    replyPromiseMinutes: 'replyPromise',
    offerTimeoutSeconds: 'offerTimeout',
    offerTo: 'offerTo',
    firstReplySeconds: 'firstReply',
    wrapUpSeconds: 'wrapUp',
    maxWaiting: 'maxWaiting',
    maxWaitSeconds: 'maxWait',
    serviceLevelSeconds: 'serviceLevel',
    failsafeSeconds: 'failsafeAfter',
    failsafeAction: 'failsafeAction',
    failsafeQueueId: 'failsafeQueue',
    disconnectPolicy: 'disconnectPolicy',
    disconnectGraceSeconds: 'disconnectGrace',
  },
  put: async (connection, { queueId = '', name = '', version: _, ...rest }, expected) => {
    const request = { commandId: newId(), queueId, name, ...rest, ...expected };
    return (await connection.call(`${SERVICE}/PutQueue`, request)).queue ?? {};
  },
  remove: (connection, queueId, expectedVersion) =>
    connection.call(`${SERVICE}/RemoveQueue`, { commandId: newId(), queueId, expectedVersion }),
  Fields,
};
