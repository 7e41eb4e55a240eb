// The messages side by side, as somebody without a name on file gets them, with verdicts and the sources behind them.
const CHANNELS = { email: "e-mail", sms: "SMS", push: "push message" }
const VERDICTS = { allow: "Passed", redact: "Passed, redacted", hold: "Held for review", block: "Blocked" }

function Verdict({ variant }) {
  const reasons = variant.checks.flatMap((check) => check.reasons.map((reason) => `${check.field}: ${reason}`))
  return (
    <details>
      <summary><span className={`desk-badge desk-${variant.decision}`}>{VERDICTS[variant.decision]}</span> by {variant.screened_by}</summary>
      {reasons.length === 0
        ? <p className="desk-note">{variant.checks.length} fields checked, nothing found.</p>
        : <ul>{reasons.map((reason, index) => <li key={index}>{reason}</li>)}</ul>}
      <p className="desk-note">{variant.checks.map((check) => `${check.field} ${check.decision_id}`).join(", ")}</p>
    </details>
  )
}

function Email({ fields, inbox }) {
  return (
    <div className="desk-mail">
      <div className="desk-inbox" aria-label="Inbox line on a phone">
        <strong>{inbox.subject}</strong><span>{inbox.preheader}</span>
      </div>
      <div className="desk-letter" tabIndex={0} role="region" aria-label={`E-mail: ${fields.subject}`}>
        <p className="desk-subject"><strong>{fields.subject}</strong></p>
        {fields.body.split("\n\n").map((part, index) => <p key={index}>{part}</p>)}
        {fields.cta && <p><span className="desk-cta">{fields.cta}</span></p>}
        {fields.link && <p className="desk-note desk-link">{fields.link}</p>}
        {fields.footer && <p className="desk-footer">{fields.footer}</p>}
      </div>
    </div>
  )
}

function Sms({ fields, sms }) {
  return (
    <div className="desk-phone">
      <p className="desk-bubble">{fields.text}</p>
      {sms && <p className="desk-note">{sms.segments} {sms.segments === 1 ? "segment" : "segments"}, {sms.units} units, {sms.encoding}</p>}
    </div>
  )
}

function Message({ variant }) {
  if (Object.keys(variant.fields).length === 0) return <p className="desk-warning">The text did not pass and is not shown.</p>
  if (variant.inbox) return <Email fields={variant.fields} inbox={variant.inbox} />
  if (variant.fields.text) return <Sms fields={variant.fields} sms={variant.sms} />
  return <div className="desk-phone"><p className="desk-bubble"><strong>{variant.fields.title}</strong><br />{variant.fields.body}</p></div>
}

function Source({ source }) {
  return (
    <details>
      <summary>{source.title}{source.unchanged ? "" : " (changed since it was cited)"}</summary>
      <p className="desk-note"><code>{source.id}</code>{source.approved_by ? `, approved by ${source.approved_by}` : ""}</p>
      <blockquote className="desk-source">{source.text}</blockquote>
      <ul>{source.cited.map((cited, index) => <li key={index}>{cited.sentence}</li>)}</ul>
    </details>
  )
}

export default function VariantsCard() {
  return (
    <section className="desk-card" aria-label="Messages">
      <h3>{props.variants.length === 1 ? "The message, as recipients see it" : `${props.variants.length} messages, as recipients see them`}</h3>
      <div className="desk-columns">
        {props.variants.map((variant) => (
          <article key={variant.id} aria-label={`Variant ${variant.label}`}>
            <h4>Variant {variant.label} <span className="desk-note">{variant.tone}, {CHANNELS[variant.channel] || variant.channel}</span></h4>
            <Verdict variant={variant} />
            <Message variant={variant} />
            <p className="desk-note">Differs in {variant.factor}. {variant.hypothesis}</p>
            {variant.sources.length > 0 && (
              <details>
                <summary>{variant.sources.length} sources</summary>
                <div className="desk-sources">{variant.sources.map((source) => <Source key={source.id} source={source} />)}</div>
              </details>
            )}
          </article>
        ))}
      </div>
    </section>
  )
}
