import { describe, expect, it } from '@jest/globals';
import { PageTeller } from './page-teller.js';

const cart = { url: 'https://shop.example/cart', title: 'Cart' };
const help = { url: 'https://shop.example/help', title: 'Help' };

describe('PageTeller', () => {
  it('tells a page once', () => {
    const teller = new PageTeller();
    teller.page = cart;
    expect(teller.due('')).toEqual(cart);
    expect(teller.due('')).toBeUndefined();
    teller.page = help;
    expect(teller.due(cart.url)).toEqual(help);
  });

  it('is silent about a page that is known, and without one', () => {
    const teller = new PageTeller();
    expect(teller.due('')).toBeUndefined();
    teller.page = cart;
    expect(teller.due(cart.url)).toBeUndefined();
  });

  it('does not contradict another tab until it is turned to', () => {
    const teller = new PageTeller();
    teller.page = cart;
    teller.due('');
    expect(teller.due(help.url)).toBeUndefined();
    teller.forget();
    expect(teller.due(help.url)).toEqual(cart);
  });
});
