// The line under a reply: what it took, its verdict, the trace as a file, and the reports of its campaign.
import { useState } from "react"
import { Button } from "@/components/ui/button"

function save(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement("a")
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10000)
}

async function saveTrace(turn, callAction, complain) {
  const answer = await callAction({ name: "trace", payload: { turn } })
  const parts = (answer && answer.response && answer.response.trace) || []
  if (!parts.length) return complain((answer && answer.response && answer.response.problem) || "The trace could not be fetched. Reload the page and try again.")
  const [whole, ...calls] = parts.map((part) => JSON.parse(part))
  save(`${turn}.json`, JSON.stringify({ ...whole, calls }, null, 2), "application/json")
}

export default function TurnCard() {
  const [problem, setProblem] = useState("")
  const calls = `${props.calls} ${props.calls === 1 ? "call" : "calls"}`
  const cost = props.cost > 0 ? `, ${props.tokens} tokens, ${props.cost.toFixed(4)} US dollars` : ""
  const report = (kind) => callAction({ name: "report", payload: { campaign: props.campaign.id, kind } })
  return (
    <footer className="desk-turn">
      <p className="desk-note">
        {calls}, {Math.round(props.duration_ms).toLocaleString("en-US")} ms{cost}; verdict {props.decision} by {props.screened_by} (<code>{props.decision_id}</code>); planner: {props.planner}
      </p>
      <div className="desk-actions">
        {props.calls > 0 && <Button variant="outline" size="sm" onClick={() => saveTrace(props.turn, callAction, setProblem)}>Trace (JSON)</Button>}
        {props.campaign && <Button variant="outline" size="sm" onClick={() => report("sheet")}>Campaign sheet</Button>}
        {props.campaign && <Button variant="outline" size="sm" onClick={() => report("results")}>Result report</Button>}
      </div>
      {problem && <p className="desk-warning" role="alert">{problem}</p>}
    </footer>
  )
}
