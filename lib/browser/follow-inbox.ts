// How a page hears what waits for its reader while it is open: from the event stream at /inbox, whose every message is the whole state. One tab of
// this browser listens and tells the others: a browser opens six connections to a server, and a stream holds one for as long as it lasts.
// Trusts its own origin only, which is all that a stream and a channel reach. A page that hears nothing stays as it was loaded.

/** A draft that is not over. `mark` is another one as soon as something is that its page shows. */
export type InboxDraft = {
  id: string;
  /** `sunrise 1.2.0` */
  name: string;
  revision: number;
  signed: number;
  required: number;
  counted: string[];
  needsMe: boolean;
  mark: string;
};

/** What waits for a person. `mark` is another one as soon as something is that the front page shows. */
export type Inbox = { person: string; count: number; drafts: InboxDraft[]; mark: string };

type Tell = (inbox: Inbox) => void;

const name = 'countersign-inbox';
const address = '/inbox';
/** The server says every 20 seconds that it is there; a connection that is silent for longer is dead, whatever the browser thinks. */
const silenceMsMax = 50_000;
const againMs = 30_000;
/** What a tab says to be told the newest state. */
const ask = 'ask';

/** Tells every state that is heard, until the function that it gives is called; a page in the back-and-forward cache hears nothing. */
export function followInbox(tell: Tell): () => void {
  let stop = follow(tell);
  const end = new AbortController();
  addEventListener('pagehide', () => stop(), { signal: end.signal });
  addEventListener('pageshow', ({ persisted }) => void (persisted && (stop = follow(tell))), { signal: end.signal });
  return () => {
    end.abort();
    stop();
  };
}

function follow(tell: Tell): () => void {
  const stop = new AbortController();
  const channel = new BroadcastChannel(name);
  let newest: Inbox | null = null;
  channel.onmessage = ({ data }: MessageEvent<Inbox | typeof ask>) => {
    if (data !== ask) tell(data);
    else if (newest !== null) channel.postMessage(newest);
  };
  channel.postMessage(ask);
  void oneAtATime(stop.signal, () =>
    listen(stop.signal, (inbox) => {
      newest = inbox;
      tell(inbox);
      channel.postMessage(inbox);
    }),
  );
  return () => {
    stop.abort();
    channel.close();
  };
}

/** In one tab of this browser at a time. Over plain HTTP browsers have no locks: there nobody listens, and a page stays as it was loaded. */
async function oneAtATime(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const { locks } = navigator as { locks?: LockManager };
  await locks?.request(name, { signal }, work).catch((fault: unknown) => {
    if (!signal.aborted) throw fault;
  });
}

/** Listens until it is told to stop. The browser comes back by itself; where it gives up or hears nothing, it is made to. */
function listen(signal: AbortSignal, tell: Tell): Promise<void> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let source = open();
    function openAgainIn(milliseconds: number): void {
      clearTimeout(timer);
      timer = setTimeout(() => {
        source.close();
        source = open();
      }, milliseconds);
    }
    function open(): EventSource {
      const opened = new EventSource(address);
      openAgainIn(silenceMsMax);
      opened.addEventListener('alive', () => openAgainIn(silenceMsMax));
      opened.addEventListener('inbox', ({ data }: MessageEvent<string>) => {
        openAgainIn(silenceMsMax);
        tell(JSON.parse(data) as Inbox);
      });
      opened.onerror = () => {
        if (opened.readyState === EventSource.CLOSED) openAgainIn(againMs);
      };
      return opened;
    }
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      source.close();
      resolve();
    });
  });
}
