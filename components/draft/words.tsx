// What somebody wrote in several lines, as text: lines stay lines, plain addresses can be followed (and are told nothing of this page), nothing else
// is markup. Its direction is its own, and ends with it.
import { splitWords } from '#lib/core/words.ts';

export function Words({ text, isStruck = false }: { text: string; isStruck?: boolean }) {
  const parts = splitWords(text).map(({ text: part, isLink }, at) =>
    isLink ? (
      <a key={at} href={part} rel="nofollow noopener noreferrer ugc">
        {part}
      </a>
    ) : (
      part
    ),
  );
  return (
    <div className="wrap-anywhere whitespace-pre-wrap" dir="auto">
      {isStruck ? <del>{parts}</del> : parts}
    </div>
  );
}
