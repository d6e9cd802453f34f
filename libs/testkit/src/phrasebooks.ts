/** What visitors and agents say in one language; `{order}` stands for an order number. */
export interface Phrasebook {
  readonly locale: string;
  readonly first: Speakers;
  readonly visitor: readonly string[];
  readonly agent: readonly string[];
  readonly last: Speakers;
}

interface Speakers {
  readonly visitor: readonly string[];
  readonly agent: readonly string[];
}

export const phrasebooks: readonly Phrasebook[] = [
  {
    locale: 'en',
    first: {
      visitor: [
        'Hi, where is my order {order}?',
        'Hello! Do you ship to Norway?',
        'My parcel arrived broken :(',
      ],
      agent: ['Hello, I’ll have a look right away.', 'Hi there! Could you give me the order number?'],
    },
    visitor: [
      'It is {order}.',
      'Yes, that’s the one',
      'ok',
      'How long will that take?',
      'I paid by card on Monday.',
      'Can I change the address?',
    ],
    agent: [
      'One moment please.',
      'I can see {order} here.',
      'It left our warehouse yesterday.',
      'Would you like a refund or a new one?',
      'Done, you will get a mail.',
    ],
    last: {
      visitor: ['Great, thank you!', 'thanks, bye'],
      agent: ['Have a nice day!', 'Is there anything else I can do?'],
    },
  },
  {
    locale: 'de',
    first: {
      visitor: ['Guten Tag, wo bleibt Bestellung {order}?', 'Hallo, die Größe passt nicht.'],
      agent: ['Guten Tag, ich sehe gleich nach.', 'Hallo! Wie lautet die Bestellnummer?'],
    },
    visitor: [
      'Sie lautet {order}.',
      'Ja, genau',
      'Wie lange dauert das ungefähr?',
      'Ich möchte lieber umtauschen.',
    ],
    agent: [
      'Einen Augenblick bitte.',
      '{order} ist seit gestern unterwegs.',
      'Möchten Sie das Geld zurück?',
      'Das Etikett für die Rücksendung kommt per Mail.',
    ],
    last: { visitor: ['Vielen Dank!', 'Super, tschüß'], agent: ['Schönen Tag noch!', 'Gern geschehen.'] },
  },
  {
    locale: 'es',
    first: {
      visitor: ['Hola, ¿dónde está mi pedido {order}?', '¡Buenas! No me llegó la factura.'],
      agent: ['¡Hola! Enseguida lo reviso.', 'Buenos días, ¿me da el número de pedido?'],
    },
    visitor: ['Es el {order}.', 'Sí, ese', '¿Cuánto tarda?', 'Pagué con tarjeta el lunes.'],
    agent: ['Un momento, por favor.', 'El {order} salió ayer.', '¿Prefiere la devolución o un cambio?'],
    last: {
      visitor: ['¡Muchas gracias!', 'Perfecto, adiós'],
      agent: ['¡Que tenga un buen día!', 'Para eso estamos.'],
    },
  },
  {
    locale: 'ar',
    first: {
      visitor: ['مرحبا، أين طلبي رقم {order}؟', 'السلام عليكم، وصلني المنتج مكسورا'],
      agent: ['أهلا بك، سأتحقق حالا.', 'مرحبا! ما هو رقم الطلب من فضلك؟'],
    },
    visitor: [
      'الرقم هو {order}',
      'نعم، هذا هو',
      'كم سيستغرق ذلك؟',
      'أرسلت بريدا إلى support@shop.example أمس',
    ],
    agent: ['لحظة من فضلك.', 'خرج الطلب {order} من المستودع أمس.', 'هل تفضل الاسترداد أم الاستبدال؟'],
    last: {
      visitor: ['شكرا جزيلا!', 'ممتاز، مع السلامة'],
      agent: ['نتمنى لك يوما سعيدا!', 'على الرحب والسعة.'],
    },
  },
  {
    locale: 'he',
    first: {
      visitor: ['שלום, איפה ההזמנה שלי {order}?', 'היי, המידה לא מתאימה'],
      agent: ['שלום, אני בודקת מיד.', 'היי! מה מספר ההזמנה?'],
    },
    visitor: ['המספר הוא {order}', 'כן, זה', 'כמה זמן זה ייקח?', 'שילמתי ב-PayPal ביום שני'],
    agent: ['רגע אחד בבקשה.', 'הזמנה {order} יצאה אתמול.', 'להחזיר כסף או להחליף?'],
    last: { visitor: ['תודה רבה!', 'מעולה, להתראות'], agent: ['יום נעים!', 'בשמחה.'] },
  },
  {
    locale: 'ja',
    first: {
      visitor: ['こんにちは。注文 {order} はいつ届きますか？', '商品が壊れていました。'],
      agent: ['お問い合わせありがとうございます。確認いたします。', '注文番号を教えていただけますか？'],
    },
    visitor: ['{order} です。', 'はい、そうです。', 'どのくらいかかりますか？'],
    agent: [
      '少々お待ちください。',
      '{order} は昨日発送いたしました。',
      '返金と交換のどちらがよろしいでしょうか。',
    ],
    last: {
      visitor: ['ありがとうございました！', '助かりました。'],
      agent: ['良い一日をお過ごしください。'],
    },
  },
];
