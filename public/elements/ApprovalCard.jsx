// An effect that waits for a person: what, its digest, and the decision; or how it was decided.
import { Button } from "@/components/ui/button"
import { useState } from "react"

const STATES = { used: "approved and carried out", approved: "approved", rejected: "rejected", void: "void: something changed since", expired: "expired" }

export default function ApprovalCard() {
  const [sent, setSent] = useState("")
  const waiting = props.status === "pending" && !sent
  const decide = (words, answer) => {
    setSent(words)
    callAction({ name: "decide", payload: { id: props.id, digest: props.digest, ...answer } })
  }
  const decided = props.decided_by ? ` by ${props.decided_by}, ${(props.decided_at || "").slice(0, 16).replace("T", " ")} UTC` : ""
  return (
    <section className="desk-card desk-approval" aria-label={`Approval of the ${props.kind}`}>
      <h3>{waiting ? `Waiting for your approval: ${props.kind}` : `${props.kind}: ${sent || STATES[props.status] || props.status}${sent ? "" : decided}`}</h3>
      <p>{props.summary}</p>
      <p className="desk-note">
        Digest of everything that was shown: <code>{props.digest.slice(0, 16)}</code>. Approval <code>{props.id}</code>
        {props.requested_by ? `, asked for by ${props.requested_by}` : ""}{props.screened_by ? `, screened by ${props.screened_by}` : ""}.
      </p>
      {waiting && (
        <div className="desk-actions">
          <Button onClick={() => decide("approved, being carried out", { approve: true })}>Approve {props.kind}</Button>
          <Button variant="outline" onClick={() => decide("rejected", { approve: false })}>Reject</Button>
          <Button variant="outline" onClick={() => decide("rejected, to be changed", { approve: false, changes: true })}>Reject and change</Button>
        </div>
      )}
    </section>
  )
}
