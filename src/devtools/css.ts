/** The styles of the panel, light and dark. All are under one class. */
export const css = `
:host([data-authed-devtools]) { display: contents; }
.authed-devtools {
  all: initial; display: block;
  --back: #fff; --card: #f5f6f8; --text: #1b1f24; --soft: #57606a; --line: #8c959f;
  --good: #1a7f37; --wait: #9a6700; --bad: #c4232d; --plain: #0a5dc2; --onColor: #fff;
  color-scheme: light;
  font: 13px/1.45 system-ui, sans-serif;
  color: var(--text);
}
@media (prefers-color-scheme: dark) {
  .authed-devtools {
    --back: #15191e; --card: #20262d; --text: #e6eaef; --soft: #a4adb8; --line: #6b7683;
    --good: #56c271; --wait: #e0ac3c; --bad: #ff8b85; --plain: #79b4ff; --onColor: #10141a;
    color-scheme: dark;
  }
}
.authed-devtools.embedded, .embedded > section { height: 100%; }
.authed-devtools * { box-sizing: border-box; }
.authed-devtools :is(h2, h3, p, ul, pre) { margin: 0; }
.authed-devtools h2 { font-size: 15px; }
.authed-devtools h3 { font-size: 12px; margin-bottom: 4px; color: var(--soft); }
.authed-devtools ul { padding-inline-start: 16px; }
.authed-devtools pre { font: 12px/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.authed-devtools p, .authed-devtools li { overflow-wrap: anywhere; }
.authed-devtools summary { cursor: pointer; min-height: 24px; }
.authed-devtools .note { color: var(--soft); }
.authed-devtools .bad { color: var(--bad); }
.authed-devtools :is(button, input) {
  font: inherit; color: inherit; min-height: 26px; padding: 2px 8px;
  background: var(--back); border: 1px solid var(--line); border-radius: 6px;
}
.authed-devtools button { cursor: pointer; }
.authed-devtools button[aria-disabled="true"] { cursor: default; color: var(--soft); border-style: dashed; }
.authed-devtools button[aria-pressed="true"] { background: var(--plain); color: var(--onColor); }
.authed-devtools :is(button, input, summary, .scroll):focus-visible { outline: 2px solid var(--plain); outline-offset: 1px; }
.authed-devtools .opener { z-index: 99999; min-height: 36px; padding: 4px 14px; border-radius: 18px; font-weight: 600; box-shadow: 0 1px 6px #0005; }
.authed-devtools .opener:not(.relative) { position: fixed; }
.authed-devtools :is(.top-left, .top-right) { top: 12px; }
.authed-devtools :is(.bottom-left, .bottom-right) { bottom: 12px; }
.authed-devtools :is(.top-left, .bottom-left) { left: 12px; }
.authed-devtools :is(.top-right, .bottom-right) { right: 12px; }
.authed-devtools .drawer {
  position: fixed; z-index: 99999; inset: auto 0 0; height: min(560px, 75vh);
  border-top: 1px solid var(--line); box-shadow: 0 -2px 12px #0004;
}
.authed-devtools .panel { height: 100%; overflow: auto; padding: 8px 12px; background: var(--back); container-type: inline-size; }
.authed-devtools header { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; margin-bottom: 8px; }
.authed-devtools header > button { margin-inline-start: auto; }
.authed-devtools .counts { font-variant-numeric: tabular-nums; font-weight: 600; }
.authed-devtools :is(.actions, .tools) { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; }
.authed-devtools .tools { margin-bottom: 6px; }
.authed-devtools .tools input { min-width: 0; flex: 0 1 200px; }
.authed-devtools .cards { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 8px; }
.authed-devtools .cards > .card { flex: 1 1 200px; }
.authed-devtools .card { background: var(--card); border-radius: 8px; padding: 8px 10px; min-width: 0; }
.authed-devtools .status::before { content: "●  "; }
.authed-devtools .status.authenticated { color: var(--good); }
.authed-devtools .status.loading { color: var(--wait); }
.authed-devtools .life { position: relative; height: 14px; margin-bottom: 4px; overflow: hidden; border: 1px solid var(--line); border-radius: 4px; background: var(--back); }
.authed-devtools .left { height: 100%; background: var(--good); transition: width 1s linear; }
.authed-devtools .left.expiring { background: var(--wait); }
.authed-devtools .left.expired { background: var(--bad); }
.authed-devtools .margin { position: absolute; top: 0; bottom: 0; width: 2px; background: var(--text); }
.authed-devtools .lanes { position: relative; overflow: auto; max-height: 280px; border: 1px solid var(--line); border-radius: 6px; background: var(--back); }
.authed-devtools .lane { display: flex; min-width: max-content; border-bottom: 1px solid var(--card); }
.authed-devtools .laneName { position: sticky; left: 0; z-index: 1; width: 76px; padding: 3px 6px; color: var(--soft); background: var(--back); border-inline-end: 1px solid var(--line); }
.authed-devtools .track { position: relative; margin: 2px 6px; }
.authed-devtools .item { position: absolute; height: 24px; min-height: 0; padding: 0; overflow: hidden; border-color: currentColor; border-radius: 4px; color: var(--plain); }
.authed-devtools .item.good { color: var(--good); }
.authed-devtools .item.bad { color: var(--bad); border-width: 2px; }
.authed-devtools .item.open { border-right-style: dashed; }
.authed-devtools .item:is(:hover, :focus) { box-shadow: inset 0 0 0 1px currentColor; }
.authed-devtools .segment { position: absolute; top: 0; bottom: 0; border-left: 2px solid currentColor; }
.authed-devtools .segment.wait { background: repeating-linear-gradient(45deg, transparent 0 4px, var(--wait) 4px 5px); }
.authed-devtools .name { position: absolute; inset: 2px auto 2px 4px; max-width: calc(100% - 6px); overflow: hidden; padding: 0 2px; white-space: nowrap; font-size: 11px; line-height: 16px; background: var(--back); pointer-events: none; }
.authed-devtools .told { min-height: 3em; padding: 4px 2px; }
.authed-devtools .scroll { overflow: auto; max-height: 240px; }
.authed-devtools table { border-collapse: collapse; width: 100%; }
.authed-devtools :is(th, td) { text-align: start; vertical-align: top; padding: 2px 8px 2px 0; border-bottom: 1px solid var(--line); white-space: nowrap; font-variant-numeric: tabular-nums; }
.authed-devtools td:last-child { white-space: normal; min-width: 220px; overflow-wrap: anywhere; }
@media (prefers-reduced-motion: reduce) { .authed-devtools .left { transition: none; } }
@media (forced-colors: active) { .authed-devtools :is(.left, .margin) { forced-color-adjust: none; } }
`;
