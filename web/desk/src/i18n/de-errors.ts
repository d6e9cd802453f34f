import type { enErrors } from './en-errors.js';

/** German: warum etwas abgelehnt wurde. */
export const deErrors: Readonly<Record<keyof typeof enErrors, string>> = {
  errorInvalid: 'Der Server hat das nicht angenommen: {said}',
  errorNotFound: 'Das gibt es nicht mehr. Laden Sie die Seite neu, um zu sehen, was da ist.',
  errorExists: 'Das gibt es schon. Wählen Sie einen anderen Namen oder eine andere Kennung.',
  errorForbidden: 'Das dürfen Sie nicht. Fragen Sie die Verwaltung.',
  errorTooMuch: 'Das war zu viel auf einmal. Warten Sie einen Moment und versuchen Sie es erneut.',
  errorNotNow:
    'So, wie es steht, geht das nicht. Laden Sie die Seite neu, um zu sehen, was sich geändert hat.',
  errorChanged: 'Jemand anders war schneller. Sehen Sie noch einmal nach und versuchen Sie es erneut.',
  errorUnreachable: 'Der Server kann das im Moment nicht. Versuchen Sie es gleich noch einmal.',
  errorLate: 'Es kam nicht rechtzeitig eine Antwort. Versuchen Sie es erneut.',
  errorUnknown: 'Etwas ist schiefgegangen. Versuchen Sie es erneut; bleibt es so, fragen Sie die Verwaltung.',
  // Chats
  CONVERSATION_NOT_FOUND: 'Diesen Chat gibt es nicht, oder Sie dürfen ihn nicht sehen.',
  CONVERSATION_CLOSED: 'Der Chat ist geschlossen. Öffnen Sie ihn erst wieder.',
  CONVERSATION_ENDED: 'Dieser Chat ist vorbei: es ist nichts mehr zu tun.',
  CONVERSATION_PARKED: 'Der Chat ist geparkt. Holen Sie ihn erst zurück.',
  NOT_A_PARTICIPANT: 'Sie sind nicht in diesem Chat. Nehmen Sie erst sein Angebot an.',
  NO_AGENT_IN_CHAT:
    'In diesem Chat ist kein Agent. Weisen Sie ihn zu, nehmen Sie ihn an sich oder holen Sie ihn zurück, wenn er geparkt ist.',
  NOT_WAITING: 'Dieser Chat wartet nicht mehr auf einen Agenten.',
  NOT_PARKED: 'Der Chat ist nicht mehr geparkt.',
  SEVERAL_AGENTS: 'Noch ein Agent ist in diesem Chat. Verlassen Sie ihn, statt ihn zu parken.',
  TAKING_MESSAGE: 'Der Besucher hinterlässt eine Nachricht und wartet nicht. Beantworten Sie die Nachricht.',
  OTHER_CONVERSATION_OPEN: 'Der Besucher hat einen anderen offenen Chat. Machen Sie dort weiter.',
  REOPEN_NOT_ALLOWED:
    'Dieser Chat kann nicht wieder geöffnet werden. Der Besucher kann einen neuen beginnen.',
  REOPEN_WINDOW_OVER: 'Dieser Chat ist zu lange geschlossen, um wieder geöffnet zu werden.',
  CONTENT_ERASED: 'Was in diesem Chat geschrieben wurde, ist gelöscht; deshalb kann er nicht weitergehen.',
  MESSAGE_ID_TAKEN:
    'Diese Nachricht kann so nicht gesendet werden. Kopieren und verwerfen Sie sie, und schreiben Sie sie neu.',
  OUT_OF_ORDER: 'Eine Nachricht vor dieser fehlt. Versuchen Sie es erneut.',
  NO_SUCH_TRANSCRIPT: 'Von diesem Chat gibt es noch kein Protokoll. Versuchen Sie es gleich noch einmal.',
  NO_SUCH_VISITOR: 'Dieser Besucher war in den letzten 24 Stunden nicht hier.',
  TRANSCRIPT_TOO_LARGE:
    'Dieser Chat ist zu groß dafür. Ein Administrator kann ihn über die API in Teilen abrufen.',
  // Angebote, Übergaben und Nachbearbeitung
  OFFER_NOT_PENDING:
    'Dieses Angebot ist vorbei: es wurde beantwortet, ist abgelaufen oder wurde zurückgezogen.',
  NOT_YOUR_OFFER: 'Dieser Chat wurde jemand anderem angeboten.',
  NO_WRAP_UP: 'Ihre Nachbearbeitung zu diesem Chat ist schon beendet.',
  ALREADY_IN_CHAT: 'Diese Person ist schon im Chat.',
  TRANSFER_UNDER_WAY: 'Es wird schon jemand gefragt. Warten Sie auf die Antwort, oder brechen Sie ab.',
  TRANSFER_OVER: 'Die Übergabe ist erledigt.',
  TRANSFER_NOT_FOUND: 'Diese Übergabe ist vorbei.',
  NO_SUCH_TRANSFER: 'Diese Übergabe ist vorbei.',
  TRANSFER_ID_TAKEN: 'Um diese Übergabe wurde schon gebeten. Beginnen Sie sie neu.',
  AGENT_UNAVAILABLE: 'Diese Person ist gerade nicht verfügbar. Wählen Sie jemand anderen.',
  AGENT_FULL:
    'Diese Person oder ihr Team hat so viele Chats, wie erlaubt sind. Wählen Sie jemand anderen, oder heben Sie die Grenze an.',
  ALREADY_ASSIGNED: 'Ein Agent hat diesen Chat schon. Übergeben Sie ihn, damit ihn jemand anders bekommt.',
  ALREADY_OFFERED: 'Dieser Chat klingelt dort schon.',
  ALREADY_THERE: 'Der Chat ist schon in dieser Warteschlange.',
  QUEUE_CLOSED: 'Diese Warteschlange ist um diese Zeit geschlossen. Wählen Sie eine andere.',
  NOT_YOUR_QUEUE: 'Sie bedienen diese Warteschlange nicht.',
  NOT_YOUR_STATUS: 'Sie können nur Ihren eigenen Status setzen.',
  // Spätere Antworten und Kontakte
  FOLLOW_UP_ANSWERED: 'Diese Nachricht ist schon beantwortet.',
  NO_FOLLOW_UP: 'Hier wurde keine Nachricht hinterlassen: es ist nichts zu beantworten.',
  NOT_YOURS:
    'Darum kümmert sich jemand anders im Team. Fragen Sie dort, oder bitten Sie die Leitung, es zu verschieben.',
  CONTACT_NOT_FOUND: 'Diesen Besucher gibt es nicht mehr.',
  CONTACT_BUSY: 'Dieser Besucher wird gerade von anderen geändert. Versuchen Sie es erneut.',
  // Verwaltung
  ROLE_NOT_ALLOWED: 'Mit Ihrer Rolle geht das nicht. Fragen Sie die Leitung oder die Verwaltung.',
  ORIGIN_NOT_ALLOWED:
    'Die Adresse dieser Seite ist im Arbeitsbereich nicht erlaubt. Fragen Sie die Verwaltung.',
  VERSION_CONFLICT:
    'Jemand anders hat das inzwischen geändert. Sehen Sie noch einmal nach und versuchen Sie es erneut.',
  ALREADY_EXISTS: 'Diese Kennung ist vergeben. Wählen Sie eine andere.',
  NOT_FOUND: 'Das gibt es nicht oder nicht mehr.',
  NO_SUCH_QUEUE: 'Diese Warteschlange gibt es nicht mehr.',
  NO_SUCH_AGENT: 'Diesen Agenten gibt es nicht mehr.',
  NO_SUCH_TEAM: 'Dieses Team gibt es nicht mehr.',
  NO_SUCH_SKILL: 'Diese Fähigkeit gibt es nicht mehr.',
  NO_SUCH_SCHEDULE: 'Diese Öffnungszeiten gibt es nicht mehr.',
  NO_SUCH_USER: 'Diese Person gibt es nicht mehr.',
  NO_SUCH_API_KEY: 'Diesen API-Schlüssel gibt es nicht mehr.',
  NO_SUCH_VERSION: 'Diese Fassung des Ablaufs wird nicht mehr aufbewahrt.',
  DEFAULT_QUEUE: 'Das ist die Standardwarteschlange. Machen Sie erst eine andere zum Standard.',
  QUEUE_IN_USE: 'Die Warteschlange wird noch verwendet; ändern Sie das zuerst. Der Server sagt: {said}',
  SKILL_IN_USE: 'Die Fähigkeit wird noch verwendet; ändern Sie das zuerst. Der Server sagt: {said}',
  SCHEDULE_IN_USE: 'Die Öffnungszeiten werden noch verwendet; ändern Sie das zuerst. Der Server sagt: {said}',
  TEAM_HAS_MEMBERS: 'In diesem Team sind Agenten. Geben Sie ihnen erst ein anderes Team oder keines.',
  AGENT_HAS_CHATS: 'Dieser Agent hat offene Chats. Schließen oder übergeben Sie diese zuerst.',
  LAST_ADMIN: 'Das ist das letzte Konto der Verwaltung. Legen Sie erst ein anderes an.',
  USER_EXISTS: 'Diese Kennung gehört einer anderen Person. Wählen Sie eine andere.',
  EMAIL_TAKEN: 'Eine andere Person hat diese E-Mail-Adresse.',
  API_KEY_EXISTS: 'Diese Kennung gehört einem anderen Schlüssel. Wählen Sie eine andere.',
  NO_DRAFT: 'Es gibt keinen Entwurf. Speichern Sie erst einen.',
  IN_FORCE: 'Diese Fassung ist schon in Kraft.',
  DRY_RUN_UNDER_WAY: 'Ein anderer Probelauf ist im Gang. Versuchen Sie es danach erneut.',
  RANGE_TOO_LONG:
    'In dieser Zeit ist mehr geschehen, als durchgespielt werden kann. Wählen Sie eine kürzere.',
  // Grenzen
  WRONG_PASSWORD: 'Das ist nicht Ihr jetziges Passwort.',
  TOO_MANY_FAILED_LOGINS: 'Zu viele falsche Passwörter. Warten Sie eine Weile und versuchen Sie es erneut.',
  TOO_MANY_PASSWORDS: 'Gerade melden sich zu viele an. Warten Sie einen Moment und versuchen Sie es erneut.',
  RATE_LIMITED: 'Das war zu viel auf einmal. Warten Sie einen Moment und versuchen Sie es erneut.',
  TOO_MANY_CALLS: 'Das war zu viel auf einmal. Warten Sie einen Moment und versuchen Sie es erneut.',
  TOO_MANY_STREAMS:
    'Zu viele Ihrer Seiten verfolgen das live. Schließen Sie einige und versuchen Sie es erneut.',
  TOO_MANY_WATCHED: 'Hier sind zu viele Chats offen. Laden Sie die Seite neu.',
  REQUEST_TOO_LARGE: 'Das ist zu groß, um gesendet zu werden. Kürzen Sie es.',
  FRAME_TOO_LARGE: 'Das ist zu groß, um gesendet zu werden. Kürzen Sie es.',
};
