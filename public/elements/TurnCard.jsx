// The line under a reply: what it took, its verdict, the trace as a file, and the reports of its campaign.
import { Button } from "@/components/ui/button"

function save(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement("a")
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10000)
}

export default function TurnCard() {
  const calls = `${props.calls} ${props.calls === 1 ? "call" : "calls"}`
  const cost = props.cost > 0 ? `, ${props.tokens} tokens, ${props.cost.toFixed(4)} US dollars` : ""
  const report = (kind) => callAction({ name: "report", payload: { campaign: props.campaign.id, kind } })
  return (
    <footer className="desk-turn">
      <p className="desk-note">
        {calls}, {Math.round(props.duration_ms).toLocaleString("en-US")} ms{cost}; verdict {props.decision} by {props.screened_by} (<code>{props.decision_id}</code>); planner: {props.planner}{props.trace ? "" : `; the trace is long: cpo trace ${props.turn}`}
      </p>
      <div className="desk-actions">
        {props.calls > 0 && props.trace && <Button variant="outline" size="sm" onClick={() => save(`${props.turn}.json`, JSON.stringify(props.trace, null, 2), "application/json")}>Trace (JSON)</Button>}
        {props.campaign && <Button variant="outline" size="sm" onClick={() => report("sheet")}>Campaign sheet</Button>}
        {props.campaign && <Button variant="outline" size="sm" onClick={() => report("results")}>Result report</Button>}
      </div>
    </footer>
  )
}
