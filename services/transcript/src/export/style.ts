/** Of the exported page: the colours and forms of web/tokens, as the page loads nothing. */
export const STYLE = `
:root{color-scheme:light dark;--bg:light-dark(#fff,#15171c);--sunken:light-dark(#f6f7f9,#101216);--text:light-dark(#191c22,#eceef2);--muted:light-dark(#555c69,#a9b0bd);--border:light-dark(#e3e6eb,#2b2f38);--accent:#3557d6;--soft:light-dark(#ebeefb,#1d2440);--note:light-dark(#fff7d6,#322b12)}
*{box-sizing:border-box}
body{margin:0;background:var(--sunken);color:var(--text);font:15px/1.45 system-ui,"Segoe UI","Noto Sans Arabic",Tahoma,sans-serif}
main{max-width:760px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:22px;line-height:1.25;margin:0 0 16px}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:12px;margin:0 0 24px}
dt{color:var(--muted);font-size:12px}
dd{margin:0;overflow-wrap:anywhere}
ol{list-style:none;margin:0;padding:0;display:flex;flex-direction:column;gap:12px}
li{max-width:82%;border-radius:16px;padding:10px 14px;background:var(--bg);border:1px solid var(--border)}
li.team{align-self:flex-end;background:var(--soft)}
li.visitor{align-self:flex-start}
li.note{align-self:stretch;max-width:none;background:var(--note)}
li.event{align-self:center;max-width:none;border:0;background:none;padding:0;color:var(--muted);font-size:13px;display:flex;gap:8px;flex-wrap:wrap;justify-content:center}
.by{display:flex;gap:12px;justify-content:space-between;font-size:12px;color:var(--muted)}
.who{font-weight:620;color:var(--text)}
.text{white-space:pre-wrap;overflow-wrap:anywhere}
@media print{body{background:none}li{break-inside:avoid}}
`;
