// Results with their intervals: every arm with n, every comparison; simulated and synthetic figures say so.
const words = (name) => name.replaceAll("_", " ")
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`
const signed = (share) => `${share >= 0 ? "+" : "−"}${percent(Math.abs(share))}`

function Interval({ row, low, high }) {
  const at = (value) => Math.min(100, Math.max(0, (100 * (value - low)) / (high - low)))
  const [from, to] = row.lift_ci
  const clear = from > 0 || to < 0
  return (
    <li>
      <span className="desk-bar-words">{row.arm} against {row.versus}</span>
      <span className="desk-track desk-interval-track" aria-hidden="true">
        <span className="desk-zero" style={{ left: `${at(0)}%` }} />
        <span className={`desk-interval${clear ? " desk-clear" : ""}`} style={{ left: `${at(from)}%`, width: `${at(to) - at(from)}%` }} />
        <span className="desk-dot" style={{ left: `${at(row.lift)}%` }} />
      </span>
      <span className="desk-figure">{signed(row.lift)} ({signed(from)} to {signed(to)})</span>
    </li>
  )
}

function Mark() {
  if (props.simulated) return <span className="desk-badge desk-hold">Simulated: nobody was mailed</span>
  return props.synthetic ? <span className="desk-badge desk-redact">Synthetic example data</span> : null
}

function value(arm, number) {
  return arm.unit === "rate" ? percent(number, 2) : number.toFixed(2)
}

export default function ResultsCard() {
  const rows = props.comparisons.filter((row) => row.lift_ci && row.lift_ci.every((end) => end !== null))
  const ends = rows.flatMap((row) => row.lift_ci).concat([0])
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const margin = (high - low) * 0.05 || 1
  return (
    <section className="desk-card" aria-label={props.simulated ? "Simulated results" : "Results"}>
      <h3>{props.winner ? `${props.winner} won` : "No winner"} on {words(props.metric)} <Mark /></h3>
      <p>{props.reason}</p>
      {rows.length > 0 && (
        <figure className="desk-figure-box">
          <figcaption>{props.simulated ? "Simulated lift" : "Lift"} with 95 % interval; an interval across the line tells no direction</figcaption>
          <ol className="desk-bars desk-intervals">
            {rows.map((row, index) => <Interval key={index} row={row} low={low - margin} high={high + margin} />)}
          </ol>
        </figure>
      )}
      <table>
        <caption className="desk-note">{props.simulated ? "Simulated figures" : "Figures"} of each arm</caption>
        <thead><tr><th scope="col">Arm</th><th scope="col">People (n)</th><th scope="col">{words(props.metric)}</th><th scope="col">95 % interval</th></tr></thead>
        <tbody>{props.arms.map((arm) => (
          <tr key={arm.name}>
            <td>{arm.name}</td><td className="desk-number">{arm.n === null ? "" : arm.n.toLocaleString("en-US")}</td>
            <td className="desk-number">{typeof arm.value === "number" ? value(arm, arm.value) : "not measured"}</td>
            <td className="desk-number">{arm.interval ? `${value(arm, arm.interval[0])} to ${value(arm, arm.interval[1])}` : ""}</td>
          </tr>
        ))}</tbody>
      </table>
      <details>
        <summary>Every comparison in words, the split check and caveats</summary>
        <ul>
          {props.comparisons.map((row, index) => <li key={index}>{row.words} {row.p_adjusted_text ? `Adjusted p ${row.p_adjusted_text}.` : ""}</li>)}
          <li>{props.srm}</li>
          {props.caveats.map((words, index) => <li key={`c${index}`}>{words}</li>)}
        </ul>
      </details>
      <p className="desk-note">Calculation <code>{props.id}</code>, {props.calculated_at.replace("T", " ")} UTC</p>
    </section>
  )
}
