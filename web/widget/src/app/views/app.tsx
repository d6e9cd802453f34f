import { useEffect, useState } from 'preact/hooks';
import { Banner } from './banner.js';
import { Composer } from './composer.js';
import { Ended } from './ended.js';
import { Header } from './header.js';
import { Later } from './later.js';
import { MailTranscript } from './mail.js';
import { type Surroundings, SurroundingsContext, useChat } from './shared.js';
import { ThreadView } from './thread.js';
import { Welcome } from './welcome.js';

/** The whole frame. */
export const App = (surroundings: Surroundings) => {
  const { chat, language, onHide } = surroundings;
  const state = useChat(chat);
  const [mailing, setMailing] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const { status } = state.thread;
  useEffect(() => setLeaving(false), [status]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]'))
        onHide();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onHide]);
  const mail = (): void => setMailing(true);
  const send = (text: string): boolean => chat.send(text);
  return (
    <SurroundingsContext.Provider value={surroundings}>
      <main class="app" aria-label={language.say('title')}>
        <Header state={state} onMail={mail} />
        <Banner state={state} />
        {state.begun ? (
          <>
            <ThreadView state={state} onMessage={leaving ? undefined : () => setLeaving(true)} />
            {status === 'closed' ? (
              <Ended state={state} onMail={mail} />
            ) : status === 'taking' || (status === 'queued' && leaving) ? (
              <Later state={state} onBack={() => setLeaving(false)} />
            ) : (
              <Composer onSend={send} />
            )}
          </>
        ) : (
          <Welcome state={state} />
        )}
        {mailing && <MailTranscript closed={status === 'closed'} onClose={() => setMailing(false)} />}
      </main>
    </SurroundingsContext.Provider>
  );
};
