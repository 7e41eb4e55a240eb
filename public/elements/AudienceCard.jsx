// Who is meant: the funnel as bars with people on each, other readings of the words, the digest to recount by.
const CHANNELS = { email: "e-mail", sms: "SMS", push: "push message" }
const people = (n) => n.toLocaleString("en-US")
const persons = (n) => `${people(n)} ${n === 1 ? "person" : "people"}`

export default function AudienceCard() {
  const steps = props.funnel.filter((step) => step.removed > 0)
  const unsure = props.funnel.some((step) => step.checked === false)
  const bars = [{ words: "matched", people: props.matched }].concat(
    steps.map((step) => ({ words: `without: ${step.words}`, people: step.remaining, removed: step.removed }))
  )
  return (
    <section className="desk-card" aria-label="Audience">
      <h3>Audience: {persons(props.eligible)} can be contacted{unsure ? ", as far as the data tell" : ""}</h3>
      <p className="desk-note">
        {people(props.matched)} of {people(props.total)} customers match ({props.words}), by {CHANNELS[props.channel] || props.channel}, as of {props.as_of}.
      </p>
      <ol className="desk-bars">
        {bars.map((bar, index) => (
          <li key={index}>
            <span className="desk-bar-words">{bar.words}</span>
            <span className="desk-track" aria-hidden="true">
              <span className="desk-fill" style={{ width: `${(100 * bar.people) / Math.max(props.matched, 1)}%` }} />
            </span>
            <span className="desk-figure">{people(bar.people)}{bar.removed ? ` (−${people(bar.removed)})` : ""}</span>
          </li>
        ))}
      </ol>
      {props.warnings.map((words, index) => <p key={index} className="desk-warning">{words}</p>)}
      {props.sensitivity.length > 0 && (
        <details>
          <summary>Other readings of the words</summary>
          <table>
            <thead><tr><th scope="col">Word</th><th scope="col">Reading</th><th scope="col">People</th></tr></thead>
            <tbody>
              {props.sensitivity.map((row, index) => (
                <tr key={index}><td>{row.word}</td><td>{row.reading}{row.chosen ? " (used)" : ""}</td><td className="desk-number">{people(row.matched)}</td></tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      <details>
        <summary>Recount it</summary>
        <p className="desk-note">SHA-256 of the {people(props.matched)} sorted customer ids: <code>{props.ids_sha256}</code></p>
      </details>
    </section>
  )
}
