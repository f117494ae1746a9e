// One entry as a line of JSON (docs/formats/history.md): every field is there in every line, addresses are whole, so that the file stands
// alone. What is not for the reader is null before it comes here.
import { saySentence, type HistoryLine } from './line.ts';

/** The line with its line feed. JSON leaves no line feed inside. */
export function renderJsonLine(line: HistoryLine, publicUrl: string): string {
  const { id, at, actor, kind, way, reason, project, release, draft, person } = line;
  const whole = (href: string): string => new URL(href, publicUrl).href;
  const evidence = line.evidence.map(({ what, href }) => ({ what, url: whole(href) }));
  const fields = {
    ...{ id, at: at.toISOString(), actor, kind, sentence: saySentence(line), way, reason },
    ...{ project, release, draft, person, evidence, url: whole(line.permalink) },
  };
  return `${JSON.stringify(fields)}\n`;
}
