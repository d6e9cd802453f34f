import type { MailWords } from './words.js';

/** German words of mails. */
export const de: MailWords = {
  subject: 'Ihr Gespräch vom {date}',
  greeting: 'Guten Tag {name},',
  greetingUnnamed: 'Guten Tag,',
  intro: 'hier ist das Protokoll des Gesprächs, das Sie am {date} mit uns geführt haben.',
  you: 'Sie',
  visitor: 'Besucher',
  agent: 'Mitarbeiter',
  assistant: 'Assistent',
  system: 'System',
  joined: '{name} ist dem Gespräch beigetreten',
  left: 'Das Gespräch wurde zurückgegeben',
  closed: 'Das Gespräch wurde beendet',
  reopened: 'Das Gespräch wurde wieder aufgenommen',
  rated: 'Sie haben das Gespräch mit {score} von 5 bewertet',
  file: 'Datei: {name}',
  empty: 'In diesem Gespräch wurde nichts gesagt, oder sein Inhalt wurde gelöscht.',
  cut: 'Der Rest fehlt: Er ist mehr, als eine E-Mail fassen kann.',
  held: 'Sie wurden gebeten, einen Moment zu warten',
  resumed: 'Das Gespräch ging weiter',
  transferred: 'Das Gespräch wurde weitergegeben',
  messageTaken: 'Sie haben eine Nachricht hinterlassen',
  answerSubject: 'AW: Ihre Nachricht vom {date}',
  answerIntro:
    'Sie haben uns am {date} eine Nachricht hinterlassen. Hier ist unsere Antwort, darunter steht, was Sie geschrieben haben.',
  answerFooter:
    'Sie erhalten diese E-Mail, weil Sie im Chat eine Nachricht mit dieser Adresse hinterlassen haben.',
  footer: 'Sie erhalten diese E-Mail, weil sie im Chat angefordert wurde.',
  times: 'Alle Zeiten sind in UTC.',
};
