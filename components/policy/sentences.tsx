// A policy as sentences: what people would say to each other, one rule a line.

export function Sentences({ sentences, label }: { sentences: string[]; label?: string }) {
  return (
    <ul className="ruled" aria-label={label}>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
