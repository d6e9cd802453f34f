/** Whether the keyboard has a Command key. */
export const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);
