/// The script of the page: asks whether something new has come, and then offers it. Rows that a person reads do not
/// move under their eyes.
enum Script {
    static let source = """
        "use strict";
        (function () {
          const fresh = document.getElementById("fresh");
          const latest = Number(document.body.dataset.latest);
          let pause = 0;
          let stop = null;
          async function watch() {
            while (!document.hidden && fresh.hidden) {
              stop = new AbortController();
              try {
                const reply = await fetch("/sandbox/messages?limit=1&wait=25s&after=" + latest, { signal: stop.signal });
                if (!reply.ok) throw new Error(String(reply.status));
                const inbox = await reply.json();
                if (inbox.data.length > 0) fresh.hidden = false;
                pause = 0;
              } catch (error) {
                if (document.hidden) return;
                pause = Math.min(pause * 2 + 1000, 30000);
                await new Promise(function (go) { setTimeout(go, pause); });
              }
            }
          }
          document.addEventListener("visibilitychange", function () {
            if (document.hidden) { if (stop) stop.abort(); } else { watch(); }
          });
          watch();
        })();

        """
}
