// The sign of the product: two signature lines, one signed over the other. Same drawing as app/icon.svg.

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false" fill="none" stroke="currentColor">
      <path d="M4 21.5h24M4 27.5h24" strokeWidth="1.6" opacity="0.55" />
      <path
        d="M5 18.5c3.4-1.2 8.2-7.6 9.4-11.6.5-1.8-.6-2.7-1.8-1.6-2.2 2-4.2 8.8-3.4 12 .5 2 2.2 1.2 3.6-.9 1-1.6 2.2-2.5 2.6-1.5.4 1-.4 2.6.8 2.6 1.5 0 2-3.2 3.6-3.2 1.2 0 .3 2.9 1.7 2.9 1.3 0 2.4-2.1 5.5-2.3"
        strokeWidth="2.1"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
