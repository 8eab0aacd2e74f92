/** Prose in which `code` stands between backticks. */
export const Prose = ({ text }: { text: string }) => (
  <p className="max-w-[640px] text-ink-2 ko:leading-[22px]">
    {text.split('`').map((part, at) =>
      at % 2 === 1 ? (
        // Parts have no identity but their place.
        <code key={String(at)} className="num rounded-[4px] bg-hover px-1 text-small text-ink">
          {part}
        </code>
      ) : (
        part
      ),
    )}
  </p>
)
