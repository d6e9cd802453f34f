/** The launcher's and the panel's look, in a shadow root: the page's styles do not reach it, nor ours the page. */
export const css = `
:host{all:initial;color-scheme:light dark}
*{box-sizing:border-box}
.l,.p{position:fixed;bottom:20px;right:20px;z-index:2147483000}
.left{right:auto;left:20px}
.l{height:56px;min-width:56px;padding:0 16px;display:flex;place-content:center;place-items:center;gap:10px;border:0;border-radius:28px;background:var(--a);color:var(--o);font:560 16px/1 system-ui,sans-serif;cursor:pointer;box-shadow:0 4px 24px rgb(16 20 30/.24);transition:transform .15s cubic-bezier(.2,0,0,1)}
.l:hover{transform:translateY(-1px)}
.l:focus-visible{outline:3px solid var(--a);outline-offset:3px}
svg{width:24px;height:24px;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.open span,:is(b,span):empty{display:none}
b{position:absolute;top:-4px;inset-inline-end:-4px;min-width:22px;height:22px;padding:0 6px;border-radius:11px;background:#c4231b;color:#fff;font:650 12px/22px system-ui,sans-serif;text-align:center;box-shadow:0 0 0 2px #fff}
.p{bottom:88px;outline:1px solid light-dark(#0000,#2b2f38);width:400px;height:min(680px,calc(100dvh - 108px));border:0;border-radius:16px;background:light-dark(#fff,#15171c);box-shadow:0 12px 56px rgb(16 20 30/.24);visibility:hidden;opacity:0;transform:translateY(8px);transition:opacity .16s,transform .16s cubic-bezier(.2,0,0,1),visibility .16s}
.p.open{visibility:visible;opacity:1;transform:none}
@media(max-width:480px){.p{inset:0;width:100%;height:100dvh;border-radius:0}.l.open{display:none}}
@media(prefers-reduced-motion:reduce){.l,.p{transition:none}}`;

/** Paths of the launcher's icon: a speech bubble, and the arrow that puts the chat away. */
export const bubble = 'M4 12a8 7.5 0 1 1 3.6 6.3L3.5 20l1.3-3.8A7 7 0 0 1 4 12Z';
export const arrow = 'm6 9 6 6 6-6';
