// One entry as a line of JSON (docs/formats/history.md): every field is there in every line, addresses are whole, so that the file stands
// alone. What is not for the reader is null before it comes here.
import { saySentence, type HistoryLine } from './line.ts';

/** The fields of an entry, with whole addresses: what a line of the file and a message to a webhook hold. */
export function lineFields(line: HistoryLine, publicUrl: string) {
  const { id, at, actor, kind, way, reason, project, release, draft, person } = line;
  const whole = (href: string): string => new URL(href, publicUrl).href;
  const evidence = line.evidence.map(({ what, href, logIndex = null }) => ({ what, url: whole(href), log: logIndex }));
  return {
    ...{ id, at: at.toISOString(), actor, kind, sentence: saySentence(line), way, reason },
    ...{ project, release, draft, person, evidence, url: whole(line.permalink) },
  };
}

/** The line with its line feed. JSON leaves no line feed inside. */
export const renderJsonLine = (line: HistoryLine, publicUrl: string): string =>
  `${JSON.stringify(lineFields(line, publicUrl))}\n`;
