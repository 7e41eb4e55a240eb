// The experiment plan: who gets what, what the test can find, and the chance to find each lift.
const words = (name) => name.replaceAll("_", " ")
const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)} %`

function Curve() {
  const top = Math.max(...props.curve.map((point) => point.lift))
  const x = (lift) => (100 * lift) / top
  const line = [{ lift: 0, power: 0 }].concat(props.curve).map((point) => `${x(point.lift)},${100 - 100 * point.power}`).join(" ")
  return (
    <figure className="desk-figure-box">
      <figcaption>Chance to find a lift, with {props.n_per_arm.toLocaleString("en-US")} people in an arm</figcaption>
      <div className="desk-plot" aria-hidden="true">
        <svg viewBox="0 0 100 100" preserveAspectRatio="none">
          <line className="desk-goal" x1="0" x2="100" y1={100 - 100 * props.power} y2={100 - 100 * props.power} vectorEffect="non-scaling-stroke" />
          <polyline className="desk-line" points={line} fill="none" vectorEffect="non-scaling-stroke" />
        </svg>
        <span className="desk-goal-words" style={{ bottom: `${100 * props.power}%` }}>wanted: {percent(props.power)}</span>
      </div>
      <p className="desk-axis"><span>no lift</span><span>+{percent(top)} lift</span></p>
      <details>
        <summary>The curve as a table</summary>
        <table>
          <thead><tr><th scope="col">True lift</th><th scope="col">Chance to find it</th></tr></thead>
          <tbody>{props.curve.map((point) => (
            <tr key={point.lift}><td className="desk-number">+{percent(point.lift)}</td><td className="desk-number">{percent(point.power, 1)}</td></tr>
          ))}</tbody>
        </table>
      </details>
    </figure>
  )
}

export default function PlanCard() {
  return (
    <section className="desk-card" aria-label="Experiment plan">
      <h3>Experiment plan: {props.feasible ? "can be tested" : "cannot answer the question"}</h3>
      <p className={props.feasible ? "desk-note" : "desk-warning"}>{props.answer}</p>
      <table>
        <thead><tr><th scope="col">Arm</th><th scope="col">Receives</th><th scope="col">Share</th><th scope="col">People</th></tr></thead>
        <tbody>{props.arms.map((arm) => (
          <tr key={arm.name}>
            <td>{arm.name}</td><td>{arm.receives}</td><td className="desk-number">{percent(arm.share)}</td>
            <td className="desk-number">{arm.people.toLocaleString("en-US")}</td>
          </tr>
        ))}</tbody>
      </table>
      <p className="desk-note">
        {words(props.metric)} decides after {props.days} days, alpha {props.alpha}; guardrails: {props.guardrails.map(words).join(", ") || "none"}. Baseline {props.baseline < 1 ? percent(props.baseline, 2) : props.baseline.toFixed(2)}: {props.baseline_source}.
      </p>
      {props.curve.length > 1 && <Curve />}
      {props.alternatives.length > 0 && (
        <details>
          <summary>What could be done instead</summary>
          <ul>{props.alternatives.map((words, index) => <li key={index}>{words}</li>)}</ul>
        </details>
      )}
    </section>
  )
}
