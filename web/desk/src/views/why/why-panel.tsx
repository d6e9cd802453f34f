import type { ReactElement } from 'react';
import '../../styles/forms.css';
import '../../styles/why.css';
import { Section } from '../section.js';
import { useNames } from './names.js';
import { WhyAgent } from './why-agent.js';
import { WhyWaiting } from './why-waiting.js';

/** Why a chat waits, as long as it does, and why its agents got it. `version`: changes when routing has decided. */
export const WhyPanel = ({
  id,
  waiting,
  version,
}: {
  id: string;
  waiting: boolean;
  version: string;
}): ReactElement => {
  const names = useNames();
  const { t } = names.words;
  return (
    <>
      {waiting && (
        <Section title={t('whyWaiting')}>
          <WhyWaiting id={id} names={names} />
        </Section>
      )}
      <Section title={t('whyThisAgent')}>
        <WhyAgent id={id} waiting={waiting} version={version} names={names} />
      </Section>
    </>
  );
};
