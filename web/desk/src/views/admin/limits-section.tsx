import { newId, type routingEvents } from '@parley/client';
import type { ReactElement } from 'react';
import { NumberField } from '../../ui/fields.js';
import { useDesk } from '../../ui/hooks.js';
import { useAdmin } from './admin-data.js';
import { Conflict } from './conflict.js';
import { FormGroup } from './form-group.js';
import { SaveBar } from './save-bar.js';
import { useForm } from './use-form.js';
import { type AdminWord, useAdminWords } from './words.js';

type Settings = routingEvents.RoutingSettings;
/** Channels that chats come by today, as settings name them. */
const CHANNELS: readonly (readonly [string, AdminWord])[] = [['WEB_CHAT', 'webChat']];

/** What holds for all queues. */
export const LimitsSection = (): ReactElement => {
  const { connection, notices } = useDesk();
  const { data, again } = useAdmin();
  const { t } = useAdminWords();
  const form = useForm<Settings>({
    name: 'limits',
    stored: data.settings,
    put: async ({ channelWeights, ageingSeconds }, expected) => {
      const request = { commandId: newId(), channelWeights, ageingSeconds, ...expected };
      const answer = await connection.call('parley.routing.v1.RoutingService/PutRoutingSettings', request);
      return answer.settings ?? {};
    },
    reload: again,
  });
  const { value, set, problem } = form;
  const weights = value.channelWeights ?? {};
  const channels = [
    ...CHANNELS,
    ...Object.keys(weights)
      .filter((name) => !CHANNELS.some(([known]) => known === name))
      .map((name): readonly [string, undefined] => [name, undefined]),
  ];
  const save = async (): Promise<void> => {
    if (!(await form.save())) return;
    again();
    notices.show({ kind: 'info', text: t('savedNotice', { name: t('limits') }) });
  };
  return (
    <form
      className="entity-editor entity-alone"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Conflict
        form={form}
        method="PutRoutingSettings"
        targetId="settings"
        labelOf={(field) => t(field === 'ageingSeconds' ? 'ageing' : 'channelWeights')}
      />
      <div className="entity-fields">
        <FormGroup title={t('channelWeights')} lead={t('channelWeightsLead')}>
          {channels.map(([name, word]) => (
            <NumberField
              key={name}
              label={word ? t(word) : name}
              error={problem(`channelWeights.${name}`)}
              none={t('defaultOf', { value: 1 })}
              max={15}
              value={weights[name] ?? 0}
              onChange={(weight) => {
                const { [name]: _, ...rest } = weights;
                set({ channelWeights: weight ? { ...rest, [name]: weight } : rest });
              }}
            />
          ))}
        </FormGroup>
        <FormGroup title={t('order')} lead={t('orderLead')}>
          <NumberField
            label={t('ageing')}
            hint={t('ageingHint')}
            error={problem('ageingSeconds')}
            none={t('off')}
            unit="s"
            max={86_400}
            value={value.ageingSeconds ?? 0}
            onChange={(ageingSeconds) => set({ ageingSeconds })}
          />
        </FormGroup>
      </div>
      <SaveBar form={form} isNew={false} />
    </form>
  );
};
