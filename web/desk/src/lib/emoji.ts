/** Emoji by the words that find them, the most used first. */
const TABLE =
  '😀 grinning happy|😃 smiley joy|😄 smile happy|😁 grin beaming|😅 sweat relief|😂 joy tears laugh|🙂 slight smile|🙃 upside down|😉 wink|😊 blush|😍 heart eyes love|🥰 hearts love|😘 kiss|😋 yum|😎 cool sunglasses|🤔 thinking hmm|🤗 hug|🤩 star struck wow|😐 neutral|😕 confused|🙁 frown sad|😢 cry sad|😭 sob|😡 angry|😱 scream|😴 sleeping|🤒 sick|🥳 party celebrate|🤝 handshake deal|👍 thumbsup yes ok +1|👎 thumbsdown no -1|👏 clap bravo|🙏 pray thanks please|👋 wave hello bye|👌 ok perfect|✌️ victory peace|🤞 fingers crossed luck|💪 strong muscle|👀 eyes look|❤️ heart love|🧡 orange heart|💚 green heart|💙 blue heart|💔 broken heart|✨ sparkles|🎉 tada party|🎁 gift present|🔥 fire hot|⭐ star|💡 idea bulb|✅ check done yes|❌ cross no wrong|⚠️ warning|❓ question|❗ exclamation|💯 hundred|📦 package parcel|🚚 truck delivery|🛒 cart shop|💳 card payment|💶 euro money|🏷️ label price|📧 email mail|📞 phone call|📎 paperclip attachment|📅 calendar date|⏰ alarm time|⏳ hourglass wait|🔒 lock secure|🔑 key|🔗 link|🔍 search magnifier|🛠️ tools repair|🐛 bug|🚀 rocket launch|🏠 home house|🌍 world earth|☀️ sun|🌧️ rain|❄️ snow cold|🏔️ mountain|⛺ tent camping|🎒 backpack|🥾 boot hiking|🧭 compass|🚲 bike|✈️ plane flight|☕ coffee|🍕 pizza|🎂 cake birthday|🐶 dog|🐱 cat';

export interface Emoji {
  readonly sign: string;
  readonly name: string;
  readonly words: string;
}

const EMOJI: readonly Emoji[] = TABLE.split('|').map((line) => {
  const [sign = '', ...words] = line.split(' ');
  return { sign, name: words[0] ?? '', words: words.join(' ') };
});

/** The emoji whose words begin with the query; those of which the first word does come first. At most `limit`. */
export const findEmoji = (query: string, limit = 8): readonly Emoji[] => {
  const wanted = query.toLowerCase();
  const begins = (emoji: Emoji): boolean => ` ${emoji.words}`.includes(` ${wanted}`);
  const found = EMOJI.filter(begins);
  return [
    ...found.filter(({ name }) => name.startsWith(wanted)),
    ...found.filter(({ name }) => !name.startsWith(wanted)),
  ].slice(0, limit);
};

/** The `:word` that ends at the caret: where it starts and what follows the colon; undefined when there is none. */
export const emojiQueryAt = (text: string, caret: number): { start: number; query: string } | undefined => {
  const match = /(?:^|\s):([a-z0-9+-]{0,20})$/i.exec(text.slice(0, caret));
  return match ? { start: caret - (match[1]?.length ?? 0) - 1, query: match[1] ?? '' } : undefined;
};
