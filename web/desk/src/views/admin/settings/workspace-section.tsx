import type { gateway } from '@parley/client';
import { type ReactElement, useCallback } from 'react';
import { Field, TextField } from '../../../ui/fields.js';
import { useDesk } from '../../../ui/hooks.js';
import { Failure, Skeleton } from '../../../ui/parts.js';
import { useRemote } from '../../../ui/remote.js';
import { Conflict } from '../conflict.js';
import { FormGroup } from '../form-group.js';
import { SaveBar } from '../save-bar.js';
import { useForm } from '../use-form.js';
import { type AdminWord, useAdminWords } from '../words.js';
import { IdentityKey } from './identity-key.js';
import { Prechat } from './prechat.js';
import { RetentionField } from './retention-field.js';

const SERVICE = 'parley.gateway.v1.TenantService';
const LABELS: Partial<Record<keyof gateway.Tenant, AdminWord>> = {
  widget: 'groupWidget',
  allowedOrigins: 'allowedOrigins',
};
/** As long as nobody chose one, a browser's field for colours has to show some. */
const NO_COLOR = '#3355dd';

/** What holds for the whole tenant: the widget, where it may stand, who visitors are, how long chats are kept. */
export const WorkspaceSection = (): ReactElement => {
  const { connection } = useDesk();
  const { t } = useAdminWords();
  const load = useCallback(
    async () => (await connection.call(`${SERVICE}/GetTenant`, {})).tenant ?? {},
    [connection],
  );
  const [remote, again] = useRemote(load, 20_000);
  if (remote.value) return <Workspace tenant={remote.value} again={again} />;
  if (remote.status !== 'failed') return <Skeleton lines={12} />;
  return <Failure title={t('adminFailed')} message={remote.message} retry={t('tryAgain')} again={again} />;
};

const Workspace = ({ tenant, again }: { tenant: gateway.Tenant; again: () => void }): ReactElement => {
  const { connection, notices } = useDesk();
  const { t } = useAdminWords();
  const form = useForm<gateway.Tenant>({
    name: 'workspace',
    stored: tenant,
    put: async ({ widget, allowedOrigins = [] }, { expectedVersion }) => {
      const origins = allowedOrigins.map((origin) => origin.trim()).filter(Boolean);
      const clearAllowedOrigins = origins.length === 0;
      const request = { widget, allowedOrigins: origins, clearAllowedOrigins, expectedVersion };
      return (await connection.call(`${SERVICE}/UpdateTenant`, request)).tenant ?? {};
    },
    reload: again,
  });
  const { value, set, problem } = form;
  const widget = value.widget ?? {};
  const setWidget = (change: Partial<gateway.WidgetSettings>): void =>
    set({ widget: { ...widget, ...change } });
  const originProblem = [...form.problems].find(([path]) => path.startsWith('allowedOrigins'));
  const save = async (): Promise<void> => {
    if (!(await form.save())) return;
    again();
    notices.show({ kind: 'info', text: t('savedNotice', { name: t('workspace') }) });
  };
  return (
    <div className="entity-editor entity-alone">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Conflict
          form={form}
          method="UpdateTenant"
          targetId={tenant.tenant ?? ''}
          labelOf={(field) => (LABELS[field] ? t(LABELS[field]) : field)}
        />
        <div className="entity-fields">
          <FormGroup title={t('groupWidget')} lead={t('widgetLead')}>
            <TextField
              label={t('companyName')}
              error={problem('widget.companyName')}
              value={widget.companyName ?? ''}
              onChange={(companyName) => setWidget({ companyName })}
            />
            <TextField
              label={t('greeting')}
              hint={t('greetingHint')}
              error={problem('widget.greeting')}
              maxLength={1000}
              value={widget.greeting ?? ''}
              onChange={(greeting) => setWidget({ greeting })}
            />
            <Field label={t('accent')} hint={t('accentHint')} error={problem('widget.accentColor')}>
              {(described) => (
                <span className="color-field">
                  <input
                    {...described}
                    type="color"
                    value={widget.accentColor || NO_COLOR}
                    onChange={({ target }) => setWidget({ accentColor: target.value })}
                  />
                  <code>{widget.accentColor || t('accentNone')}</code>
                </span>
              )}
            </Field>
            <Prechat
              fields={widget.prechat ?? []}
              problem={(path) => problem(`widget.prechat${path}`)}
              onChange={(prechat) => setWidget({ prechat })}
            />
          </FormGroup>
          <FormGroup title={t('allowedOrigins')} lead={t('originsLead')}>
            <Field
              label={t('originsLabel')}
              hint={t('originsHint')}
              error={originProblem && lineOf(originProblem, value.allowedOrigins ?? [])}
            >
              {(described) => (
                <textarea
                  {...described}
                  className="input"
                  rows={4}
                  spellCheck={false}
                  value={(value.allowedOrigins ?? []).join('\n')}
                  onChange={({ target }) =>
                    set({ allowedOrigins: target.value === '' ? [] : target.value.split('\n') })
                  }
                />
              )}
            </Field>
          </FormGroup>
        </div>
        <SaveBar form={form} isNew={false} />
      </form>
      <div className="entity-fields">
        <IdentityKey tenant={tenant} again={again} />
        <RetentionField />
      </div>
    </div>
  );
};

/** What is wrong with which of the lines. */
const lineOf = ([path, words]: readonly [string, string], origins: readonly string[]): string => {
  const filled = origins.map((origin) => origin.trim()).filter(Boolean);
  const line = filled[Number(/\[(\d+)\]/.exec(path)?.[1] ?? NaN)];
  return line ? `${line}: ${words}` : words;
};
