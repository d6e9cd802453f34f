// The shop's own script: a cart in this browser, and what it tells the chat.
const euro = (cents) =>
  new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(cents / 100);
const cart = {
  lines: () => JSON.parse(localStorage.getItem('fernweh.cart') ?? '[]'),
  save: (lines) => localStorage.setItem('fernweh.cart', JSON.stringify(lines)),
};
const find = (name) => document.querySelector(`[data-${name}]`);

const show = () => {
  const lines = cart.lines();
  find('cart-count').textContent = lines.length ? String(lines.length) : '';
  const list = find('lines');
  if (!list) return;
  list.replaceChildren(
    ...lines.map(({ name, price }) => {
      const line = document.createElement('li');
      const [left, right] = [document.createElement('span'), document.createElement('b')];
      left.textContent = name;
      right.textContent = euro(price);
      line.append(left, right);
      return line;
    }),
  );
  find('empty').hidden = lines.length > 0;
  find('total').textContent = euro(lines.reduce((sum, { price }) => sum + price, 0));
  find('buy').disabled = lines.length === 0;
};

for (const button of document.querySelectorAll('[data-chat]'))
  button.addEventListener('click', () => window.Parley('show'));

find('add')?.addEventListener('click', ({ currentTarget }) => {
  const { add, price } = currentTarget.dataset;
  cart.save([...cart.lines(), { name: add, price: Number(price) }]);
  find('added').textContent = `${add} is in your cart.`;
  show();
});

find('buy')?.addEventListener('click', () => {
  const value = cart.lines().reduce((sum, { price }) => sum + price, 0);
  const id = `order-${Date.now().toString(36)}`;
  window.Parley('track', 'conversion', { name: 'purchase', value, currency: 'EUR', id });
  cart.save([]);
  show();
  find('bought').textContent = 'Thank you! Your order is on its way (well, it would be).';
});

const consent = find('consent-switch');
consent.checked = localStorage.getItem('fernweh.consent') === 'yes';
const tellConsent = () => window.Parley('consent', consent.checked);
if (consent.checked) tellConsent();
consent.addEventListener('change', () => {
  localStorage.setItem('fernweh.consent', consent.checked ? 'yes' : 'no');
  tellConsent();
});

show();
