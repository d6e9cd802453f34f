import type { ReactElement } from 'react';
import { preferences, setPreferences } from '../desk/preferences.js';
import { playRing } from '../desk/sounds.js';
import { openDialog } from '../desk/ui-state.js';
import { LANGUAGES } from '../i18n/languages.js';
import type { MessageKey } from '../i18n/translate.js';
import { keysLabel } from '../lib/keys.js';
import { AWAY_CHOICES } from '../state/settings.js';
import { useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { isMac } from './platform.js';

const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch' };

/** What a person sets for this browser. */
export const SettingsPage = (): ReactElement => {
  const { t } = useWords();
  const settings = useStore(preferences);
  return (
    <section className="page">
      <div className="page-inner narrow">
        <h2 className="page-name">{t('settings')}</h2>
        <p className="page-lead">{t('settingsLead')}</p>
        <Choice
          label="theme"
          value={settings.theme}
          options={[
            ['system', t('themeSystemWord')],
            ['light', t('themeLightWord')],
            ['dark', t('themeDarkWord')],
          ]}
          onChange={(theme) => setPreferences({ theme })}
        />
        <Choice
          label="language"
          value={settings.language}
          options={[
            ['', t('languageBrowser')],
            ...LANGUAGES.map((tag) => [tag, LANGUAGE_NAMES[tag]] as const),
          ]}
          onChange={(language) => setPreferences({ language })}
        />
        <Choice
          label="sendKey"
          value={settings.sendKey}
          options={[
            ['enter', keysLabel('Enter', isMac)],
            ['mod-enter', keysLabel('Mod+Enter', isMac)],
          ]}
          onChange={(sendKey) => setPreferences({ sendKey })}
        />
        <Choice
          label="awayAfter"
          value={String(settings.awayMinutes)}
          options={AWAY_CHOICES.map((minutes) => [
            String(minutes),
            minutes === 0 ? t('never') : t('minutes', { count: minutes }),
          ])}
          onChange={(minutes) => setPreferences({ awayMinutes: Number(minutes) })}
        />
        <div className="setting">
          <Toggle
            label="sound"
            detail="soundDetail"
            on={settings.sound}
            onChange={(sound) => setPreferences({ sound })}
          />
          <button type="button" className="button small" onClick={playRing}>
            <Icon name="bell" /> {t('soundTest')}
          </button>
        </div>
        <div className="setting">
          <Toggle
            label="notifications"
            detail={
              'Notification' in window && Notification.permission === 'denied'
                ? 'notificationsDenied'
                : 'notificationsDetail'
            }
            on={settings.notifications}
            onChange={(wanted) => void askNotifications(wanted)}
          />
        </div>
        <div className="setting">
          <span className="setting-words">
            <span className="setting-name">{t('showShortcuts')}</span>
          </span>
          <button type="button" className="button small" onClick={() => openDialog('shortcuts')}>
            {t('show')}
          </button>
        </div>
      </div>
    </section>
  );
};

const askNotifications = async (wanted: boolean): Promise<void> => {
  if (!wanted || !('Notification' in window)) return setPreferences({ notifications: false });
  const permission = await Notification.requestPermission();
  setPreferences({ notifications: permission === 'granted' });
};

const Choice = <T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: 'theme' | 'language' | 'sendKey' | 'awayAfter';
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}): ReactElement => {
  const { t } = useWords();
  return (
    <fieldset className="setting">
      <legend className="setting-name">{t(label)}</legend>
      <div className="segments">
        {options.map(([option, words]) => (
          <label key={option}>
            <input type="radio" name={label} checked={option === value} onChange={() => onChange(option)} />
            <span>
              <bdi>{words}</bdi>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
};

const Toggle = ({
  label,
  detail,
  on,
  onChange,
}: {
  label: MessageKey;
  detail: MessageKey;
  on: boolean;
  onChange: (on: boolean) => void;
}): ReactElement => {
  const { t } = useWords();
  return (
    <label className="toggle">
      <input
        type="checkbox"
        role="switch"
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="setting-words">
        <span className="setting-name">{t(label)}</span>
        <span className="setting-detail">{t(detail)}</span>
      </span>
    </label>
  );
};
